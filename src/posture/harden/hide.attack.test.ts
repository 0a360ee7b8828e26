import { expect, it } from 'vitest'
import { hideSecrets } from './hide.ts'

it.each(['maxTokens: 4096', 'tokensPerRequest: 900', 'contextTokens: 8', 'tokenTtlMs: 60000', 'max_tokens: 12', 'passwordAttempts: 3', 'token: true', 'tokens: 4000', 'passwordMinLength: 12'])('a limit is what the change is about and is shown: %s', (setting) => {
  expect(hideSecrets('openclaw.json', `{ ${setting} }`)).toBe(`{ ${setting} }`)
  expect(hideSecrets('config.yaml', `${setting}\n`)).toBe(`${setting}\n`)
})

it.each(['password: 123456', 'token: 90210', 'apiKey: 42', 'gatewaySecret: 7777', 'tokenSalt: 5', 'mytoken: 1'])('a number that is the secret is not: %s', (setting) => {
  const value = setting.split(': ')[1]!
  expect(hideSecrets('openclaw.json', `{ ${setting} }`)).not.toContain(value)
  expect(hideSecrets('config.yaml', `${setting}\n`)).not.toContain(value)
})

it.each(["{ maxTokens: 'abcdefgh' }", '{ tokens: [123456] }'])('only a bare number passes for a limit: %s', (text) => {
  expect(hideSecrets('openclaw.json', text)).toMatch(/\[redacted]/)
})

it('password is a word of PAM in the files of PAM only', () => {
  expect(hideSecrets('/etc/pam.d/sshd', 'password required pam_unix.so\n')).toBe('password required pam_unix.so\n')
  expect(hideSecrets('/etc/app.yaml', 'password: hunter-of-whales\n')).toBe('password: [redacted]\n')
})

it.each([
  ['/srv/compose.yaml', 'image: robot:Hunter2Hunter@registry.example.com/claw:1', 'Hunter2Hunter'],
  ['/home/claw/.openclaw/openclaw.json', '{ plugins: { sources: ["https://me:Hunter2Hunter@git.example.com/p.git"] } }', 'Hunter2Hunter'],
  ['/etc/caddy/Caddyfile', `basic_auth {\n  ana ${['$2a', '14', 'Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT'].join('$')}\n}`, 'Zkx19XLiW6'],
  ['/home/claw/.openclaw/exec-approvals.json', '{ allowlist: [{ pattern: "/usr/bin/curl", lastUsedCommand: "curl -u ana Hunter2Hunter" }] }', 'Hunter2Hunter'],
  ['/etc/systemd/system/claw.service', 'ExecStart=/usr/bin/openclaw gateway --password Hunter2Hunter --port 1', 'Hunter2Hunter'],
  ['/etc/crontab', '0 1 * * * root /opt/run.sh --api-key=Hunter2Hunter', 'Hunter2Hunter'],
  ['/etc/cron.d/dump', '0 1 * * * root mysqldump -u root -pHunter2Hunter claw', 'Hunter2Hunter'],
  ['/etc/nginx/nginx.conf', 'proxy_set_header Authorization "Bearer Hunter2Hunter";', 'Hunter2Hunter'],
  ['/srv/skills/a/SKILL.md', 'curl -H "X-Api-Key: Hunter2Hunter" https://a.example.com', 'Hunter2Hunter'],
  ['/etc/caddy/Caddyfile', 'basic_auth {\n  ana Hunter2Hunter\n}', 'Hunter2Hunter'],
])('hides what stands in %s and has no key that says so', (path, text, secret) => {
  expect(text).toContain(secret)
  expect(hideSecrets(path, text)).not.toContain(secret)
  expect(hideSecrets(path, text)).toContain('[redacted]')
})

it('shows addresses without a password, and places', () => {
  const text = 'image: registry.example.com:5000/claw:1.2\nfrom: ana@example.com\nlisten: 127.0.0.1:8080\nat: git@github.com:me/p.git\n'
  expect(hideSecrets('/srv/compose.yaml', text)).toBe(text)
})

it.each(['/home/claw/.bash_history', '/home/claw/.openclaw/agents/main/sessions/a.jsonl', '/home/claw/.openclaw/logs/gateway.log'])('shows no line of what was typed, said or logged: %s', (path) => {
  expect(hideSecrets(path, 'ftp://a Hunter2Hunter\n\nls\n')).toBe('[not shown]\n\n[not shown]\n')
})

it.each(['ExecStart=/usr/bin/openclaw gateway --port 18789 --bind loopback', 'ExecStart=/usr/sbin/sshd -D --key-file /etc/key', 'proxy_set_header Host $host;', 'proxy_set_header Authorization $http_authorization;'])('shows a command and a setting without one: %s', (line) => {
  expect(hideSecrets('/etc/x/claw.conf', `${line}\n`)).toBe(`${line}\n`)
})
