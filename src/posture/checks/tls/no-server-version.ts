import { defineCheck } from '../../check.ts'
import { exampleFront, frontWith } from '../../example-front.ts'
import type { FrontFacts, FrontServer } from '../../facts/front.ts'
import { insertLines, placeOf, saysOf } from '../../nginx-front.ts'

export default defineCheck({
  id: 'tls.no-server-version',
  title: 'the front door does not tell its version',
  severity: 'info',
  why: 'a scanner picks the exploit by the number it is shown',
  source: 'ngx_http_core_module, server_tokens',
  needs: ['front'],
  judge: ({ front }) => wrong(front).map((server) => ({ at: placeOf(server), saw: 'server_tokens on', want: 'server_tokens off' })),
  fix: { risk: 'restart', part: 'files', plan: ({ front }) => insertLines(front.files, wrong(front).map((server) => ({ into: server.block, lines: ['server_tokens off;'] }))) },
  examples: {
    pass: { good: { files: exampleFront } },
    fail: { default: { files: frontWith(['server_tokens off;', '']) } },
  },
})

function wrong({ servers }: FrontFacts): readonly FrontServer[] {
  return servers.filter((server) => server.proxies && !saysOf(server, 'server_tokens').some(({ args }) => args[0] === 'off'))
}
