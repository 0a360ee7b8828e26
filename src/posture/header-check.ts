import { defineCheck, type Check } from './check.ts'
import { exampleFront, frontWith } from './example-front.ts'
import type { FrontFacts } from './facts/front.ts'
import { hasHeader, headerBlocks, headerLines, insertLines, type HeaderBlock } from './nginx-front.ts'

/** A question whether every answer of the front door carries some headers. */
export interface HeaderRule extends Pick<Check, 'title' | 'severity' | 'why' | 'source'> {
  id: `tls.${string}`
  /** Name and value. */
  wanted: Readonly<Record<string, string>>
  /** The line of the example front door that sets one of them. */
  line: string
}

/** Judged in every block that sends headers of its own (nginx drops those of above there), mended in that block. */
export function headerCheck({ wanted, line, ...about }: HeaderRule): Check {
  const missing = (one: HeaderBlock): readonly string[] => Object.keys(wanted).filter((name) => !hasHeader(one, name))
  const lacking = ({ servers }: FrontFacts): readonly HeaderBlock[] => servers.filter(({ tls, proxies }) => tls && proxies).flatMap(headerBlocks).filter((one) => missing(one).length > 0)
  return defineCheck({
    ...about,
    needs: ['front'],
    judge: ({ front }) => lacking(front).map((one) => ({ at: `${one.block.path}:${one.block.line}`, saw: `without ${missing(one).join(', ')}`, want: missing(one).map((name) => `${name}: ${wanted[name]!}`).join(', ') })),
    fix: { risk: 'restart', part: 'files', plan: ({ front }) => insertLines(front.files, lacking(front).map((one) => headerLines(one, missing(one).map((name) => `add_header ${name} "${wanted[name]!}" always;`)))) },
    examples: {
      pass: { good: { files: exampleFront } },
      fail: {
        missing: { files: frontWith([line, '']) },
        'lost in a location': { files: frontWith(['proxy_pass http://127.0.0.1:18789;', 'add_header X-Own 1;\n        proxy_pass http://127.0.0.1:18789;']) },
      },
    },
  })
}
