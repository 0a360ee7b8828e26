/** nginx in front of the gateway, as it should be; `frontWith` has lines replaced. Files of an example. */
const good = `server {
    listen 80;
    server_name claw.example.org;
    return 301 https://$host$request_uri;
}
server {
    listen 443 ssl;
    server_name claw.example.org;
    server_tokens off;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_certificate /etc/ssl/claw.pem;
    ssl_certificate_key /etc/ssl/private/claw.key;
    client_max_body_size 10m;
    add_header Strict-Transport-Security "max-age=63072000; includeSubDomains" always;
    add_header X-Content-Type-Options nosniff always;
    add_header X-Frame-Options DENY always;
    add_header Content-Security-Policy "default-src 'self'" always;
    limit_req zone=claw burst=20; # per address
    location / {
        proxy_pass http://127.0.0.1:18789;
    }
}
`

/** The site with some of its text replaced. */
export function frontWith(...replacements: readonly (readonly [string, string])[]): Record<string, string> {
  const site = replacements.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the example has no "${from}"`)
    return text.replace(from, to)
  }, good)
  return { '/etc/nginx/nginx.conf': 'events {}\nhttp {\n    limit_req_zone $binary_remote_addr zone=claw:10m rate=10r/s;\n    include /etc/nginx/sites-enabled/*;\n}\n', '/etc/nginx/sites-enabled/claw': site }
}

export const exampleFront = frontWith()
