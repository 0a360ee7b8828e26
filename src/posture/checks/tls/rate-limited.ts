import type { Change } from '../../change.ts'
import { defineCheck } from '../../check.ts'
import { exampleFront, frontWith } from '../../example-front.ts'
import { everywhere, type FrontFacts, type FrontServer } from '../../facts/front.ts'
import { insertLines, placeOf } from '../../nginx-front.ts'

export default defineCheck({
  id: 'tls.rate-limited',
  title: 'the front door limits how often one address may ask',
  severity: 'medium',
  why: 'without it passwords and tokens are guessed as fast as the machine answers, and every guess may cost a model call',
  source: 'OpenClaw security guides: per-IP rate limiting; ngx_http_limit_req_module',
  needs: ['front'],
  judge: ({ front }) => wrong(front).map((server) => ({ at: placeOf(server), saw: 'no limit_req', want: 'limit_req with a zone for each address' })),
  fix: { risk: 'restart', part: 'files', plan: ({ front }) => limited(front) },
  examples: {
    pass: { good: { files: exampleFront } },
    fail: { none: { files: { ...frontWith(['limit_req zone=claw burst=20; # per address', '']), '/etc/nginx/nginx.conf': 'http {\n  include /etc/nginx/conf.d/*.conf;\n  include sites-enabled/*;\n}\n' } } },
  },
})

function wrong({ servers }: FrontFacts): readonly FrontServer[] {
  return servers.filter((server) => server.proxies && ![...everywhere(server.block), ...server.outer].some(({ name }) => name === 'limit_req'))
}

// nginx reads every file of conf.d inside http, which is where a zone has to stand. 10 MB hold 160,000 addresses.
const zone = '/etc/nginx/conf.d/hardshell-limits.conf'
const zoneText = 'limit_req_zone $binary_remote_addr zone=hardshell:10m rate=20r/s;\n'

function limited(front: FrontFacts): readonly Change[] {
  const servers = wrong(front)
  if (servers.length === 0) return []
  const http = Object.values(front.files).some((text) => /include\s+(\/etc\/nginx\/)?conf\.d\/\*(\.conf)?\s*;/.test(text))
  const lines = servers.map((server) => ({ into: server.block, lines: ['limit_req zone=hardshell burst=40 nodelay;'] }))
  return http ? [{ kind: 'file', path: zone, from: front.files[zone] ?? null, to: zoneText, mode: 0o644 }, ...insertLines(front.files, lines)] : []
}
