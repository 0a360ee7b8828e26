import { defineCheck } from '../../check.ts'
import { exampleFront, frontWith } from '../../example-front.ts'
import { replaceDirectives, saysOf } from '../../nginx-front.ts'
import type { FrontFacts } from '../../facts/front.ts'
import type { NginxDirective } from '../../../host/index.ts'

export default defineCheck({
  id: 'tls.request-size-limited',
  title: 'requests to the front door have a largest size',
  severity: 'low',
  why: 'a body without an end fills memory and disk of the machine',
  source: 'OpenClaw security guides: request size limits; ngx_http_core_module, client_max_body_size',
  needs: ['front'],
  judge: ({ front }) => unlimited(front).map(({ path, line }) => ({ at: `${path}:${line}`, saw: 'client_max_body_size 0: no limit', want: 'a limit, such as 10m; the default of nginx is 1m' })),
  fix: { risk: 'restart', part: 'files', plan: ({ front }) => replaceDirectives(front.files, unlimited(front), 'client_max_body_size 10m') },
  examples: {
    pass: { good: { files: exampleFront }, default: { files: frontWith(['client_max_body_size 10m;', '']) } },
    fail: { zero: { files: frontWith(['client_max_body_size 10m', 'client_max_body_size  0']) } },
  },
})

function unlimited({ servers }: FrontFacts): readonly NginxDirective[] {
  const said = servers.filter(({ proxies }) => proxies).flatMap((server) => saysOf(server, 'client_max_body_size'))
  return [...new Set(said)].filter(({ args }) => /^0[kmg]?$/i.test(args[0] ?? ''))
}
