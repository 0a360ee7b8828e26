import { defineCheck } from '../../check.ts'
import { exampleFront, frontWith } from '../../example-front.ts'
import type { FrontFacts, FrontServer } from '../../facts/front.ts'
import { insertLines, placeOf } from '../../nginx-front.ts'

const redirect = 'return 301 https://$host$request_uri;'

export default defineCheck({
  id: 'tls.plain-redirected',
  title: 'the front door answers plain HTTP with the way to HTTPS only',
  severity: 'high',
  why: 'tokens and conversations in plain text are read by everybody on the way',
  source: 'OpenClaw hardening checklist: TLS enabled on all connections, HTTP redirected to HTTPS',
  needs: ['front'],
  judge: ({ front }) => wrong(front).map((server) => ({ at: placeOf(server), saw: 'hands requests on without TLS', want: redirect })),
  // Without a server that speaks TLS there is nowhere to lead to.
  fix: { risk: 'restart', part: 'files', plan: ({ front }) => (front.servers.some(({ tls }) => tls) ? insertLines(front.files, wrong(front).map(({ block }) => ({ into: block, lines: [redirect] }))) : []) },
  examples: {
    pass: { redirect: { files: exampleFront }, 'loopback only': { files: frontWith([redirect, 'location / { proxy_pass http://127.0.0.1:18789; }'], ['listen 80', 'listen 127.0.0.1:80']) } },
    fail: { proxied: { files: frontWith([redirect, 'location / { proxy_pass http://127.0.0.1:18789; }']) } },
  },
})

/** A `return` of the server itself comes before every location (ngx_http_rewrite_module). */
function wrong({ servers }: FrontFacts): readonly FrontServer[] {
  return servers.filter(({ plain, tls, proxies, block }) => plain && !tls && proxies && !block.children.some(({ name }) => name === 'return'))
}
