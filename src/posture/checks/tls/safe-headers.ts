import { defineCheck } from '../../check.ts'
import { exampleFront, frontWith } from '../../example-front.ts'
import type { FrontFacts } from '../../facts/front.ts'
import { hasHeader, headerBlocks, headerLines, insertLines, type HeaderBlock } from '../../nginx-front.ts'

const wanted: Readonly<Record<string, string>> = { 'X-Content-Type-Options': 'nosniff', 'X-Frame-Options': 'SAMEORIGIN' }
const names = Object.keys(wanted)
const gone = ['add_header X-Frame-Options DENY always;', ''] as const

export default defineCheck({
  id: 'tls.safe-headers',
  title: 'browsers are told not to guess types and not to frame the page',
  severity: 'low',
  why: 'a page that frames the dashboard makes its owner click what he does not see',
  source: 'OpenClaw security guides: X-Content-Type-Options, X-Frame-Options; OWASP Secure Headers',
  needs: ['front'],
  judge: ({ front }) => lacking(front).map((one) => ({ at: `${one.block.path}:${one.block.line}`, saw: `without ${missing(one).join(', ')}`, want: missing(one).map((name) => `${name}: ${wanted[name]!}`).join(', ') })),
  fix: { risk: 'restart', part: 'files', plan: ({ front }) => insertLines(front.files, lacking(front).map((one) => headerLines(one, missing(one).map((name) => `add_header ${name} "${wanted[name]!}" always;`)))) },
  examples: {
    pass: { good: { files: exampleFront } },
    fail: {
      missing: { files: frontWith(gone) },
      'lost in a location': { files: frontWith(['proxy_pass http://127.0.0.1:18789;', 'add_header X-Own 1;\n        proxy_pass http://127.0.0.1:18789;']) },
    },
  },
})

function lacking({ servers }: FrontFacts): readonly HeaderBlock[] {
  return servers.filter(({ tls, proxies }) => tls && proxies).flatMap(headerBlocks).filter((one) => missing(one).length > 0)
}

function missing(one: HeaderBlock): readonly string[] {
  return names.filter((name) => !hasHeader(one, name))
}
