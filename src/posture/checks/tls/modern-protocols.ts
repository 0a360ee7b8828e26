import { defineCheck } from '../../check.ts'
import { exampleFront, frontWith } from '../../example-front.ts'
import type { FrontFacts } from '../../facts/front.ts'
import { replaceDirectives, saysOf } from '../../nginx-front.ts'
import type { NginxDirective } from '../../../host/index.ts'

const broken = ['SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.1']

export default defineCheck({
  id: 'tls.modern-protocols',
  title: 'the front door speaks TLS 1.2 and later only',
  severity: 'medium',
  why: 'what is said in TLS 1.0 and 1.1 can be forced into ciphers that are broken',
  source: 'RFC 8996; OpenClaw production guide: tls.min_version 1.2',
  needs: ['front'],
  judge: ({ front }) => old(front).map(({ path, line, args }) => ({ at: `${path}:${line}`, saw: args.filter((name) => broken.includes(name)).join(' '), want: 'TLSv1.2 TLSv1.3' })),
  fix: { risk: 'restart', part: 'files', plan: ({ front }) => replaceDirectives(front.files, old(front), 'ssl_protocols TLSv1.2 TLSv1.3') },
  examples: {
    // The default of nginx since 1.23.4 is 1.2 and 1.3.
    pass: { good: { files: exampleFront }, default: { files: frontWith(['ssl_protocols TLSv1.2 TLSv1.3;', '']) } },
    fail: { old: { files: frontWith(['ssl_protocols TLSv1.2 TLSv1.3', 'ssl_protocols TLSv1 TLSv1.1 TLSv1.2']) } },
  },
})

function old({ servers }: FrontFacts): readonly NginxDirective[] {
  const said = servers.filter(({ tls }) => tls).flatMap((server) => saysOf(server, 'ssl_protocols'))
  return [...new Set(said)].filter(({ args }) => args.some((name) => broken.includes(name)))
}
