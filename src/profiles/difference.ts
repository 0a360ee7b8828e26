/**
 * How a text differs from another, line by line: `- ` taken away, `+ ` added, three unchanged lines around each change.
 * Texts here have a few hundred lines, so the plain table of longest common subsequences is quick enough.
 * @returns no lines when both are equal
 */
export function lineDifference(from: string, to: string): string[] {
  const [a, b] = [from.split('\n'), to.split('\n')]
  const marked = walk(a, b, commonLengths(a, b))
  const near = marked.map((_, i) => marked.slice(Math.max(0, i - context), i + context + 1).some((line) => !line.startsWith('  ')))
  return marked.flatMap((line, i) => (near[i] ? [line] : near[i - 1] ? ['  …'] : []))
}

const context = 3

/** `lengths[i][j]`: lines that `a` from i on and `b` from j on have in common, in order. */
function commonLengths(a: readonly string[], b: readonly string[]): number[][] {
  const lengths = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0))
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i]![j] = a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!)
    }
  }
  return lengths
}

function walk(a: readonly string[], b: readonly string[], lengths: readonly number[][]): string[] {
  const lines: string[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push(`  ${a[i]}`)
      i++
      j++
    } else if (j >= b.length || (i < a.length && lengths[i + 1]![j]! >= lengths[i]![j + 1]!)) lines.push(`- ${a[i++]}`)
    else lines.push(`+ ${b[j++]}`)
  }
  return lines
}
