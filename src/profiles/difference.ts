import { lineEdits } from '../base/index.ts'

/**
 * How a text differs from another, line by line: `- ` taken away, `+ ` added, three unchanged lines around each change.
 * @returns no lines when both are equal
 */
export function lineDifference(from: string, to: string): string[] {
  const edits = lineEdits(from.split('\n'), to.split('\n'))
  const near = edits.map((_, i) => edits.slice(Math.max(0, i - context), i + context + 1).some(({ sign }) => sign !== ' '))
  return edits.flatMap(({ sign, line }, i) => (near[i] ? [`${sign} ${line}`] : near[i - 1] ? ['  …'] : []))
}

const context = 3
