/** How many lines around a change are shown, as diff -u does. */
const context = 3
// Two thousand changed lines take milliseconds; beyond that nobody reads a diff, and all of it is shown as replaced.
const maxEdits = 2000

/** One line of a unified diff: kept, taken out or put in. */
interface Edit {
  sign: ' ' | '-' | '+'
  line: string
  /** Numbers in both texts, from zero. */
  a: number
  b: number
}

/**
 * A unified diff of two texts. Lines are compared as they are and printed as `show` gives them, so that two lines that
 * differ in what must not be seen still show up as a change. Empty when nothing differs. Pure.
 */
export function unifiedDiff(names: { before: string; after: string }, texts: { before: readonly string[]; after: readonly string[] }, show: { before: readonly string[]; after: readonly string[] }): string[] {
  const edits = editsOf(texts.before, texts.after).map((edit) => ({ ...edit, line: edit.sign === '+' ? show.after[edit.b]! : show.before[edit.a]! }))
  if (edits.every(({ sign }) => sign === ' ')) return []
  return [`--- ${names.before}`, `+++ ${names.after}`, ...hunks(edits)]
}

/** Lines of a text; a last line without an end says so, as diff does. */
export function linesOf(text: string | null): string[] {
  if (text === null || text === '') return []
  const lines = text.split('\n')
  if (lines.at(-1) === '') return lines.slice(0, -1)
  return lines
}

function editsOf(before: readonly string[], after: readonly string[]): Edit[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let end = 0
  while (end < before.length - start && end < after.length - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++
  const kept = (index: number): Edit => ({ sign: ' ', line: before[index]!, a: index, b: index })
  const middle = shortest(before.slice(start, before.length - end), after.slice(start, after.length - end)).map((edit) => ({ ...edit, a: edit.a + start, b: edit.b + start }))
  const tail = Array.from({ length: end }, (_, index) => ({ ...kept(before.length - end + index), b: after.length - end + index }))
  return [...Array.from({ length: start }, (_, index) => kept(index)), ...middle, ...tail]
}

/** Myers' greedy algorithm (An O(ND) Difference Algorithm, 1986), with the path kept for every number of edits. */
function shortest(before: readonly string[], after: readonly string[]): Edit[] {
  const furthest = new Map<number, number>([[1, 0]])
  const trace: Map<number, number>[] = []
  for (let edits = 0; edits <= Math.min(before.length + after.length, maxEdits); edits++) {
    trace.push(new Map(furthest))
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1))
      let a = down ? furthest.get(k + 1)! : furthest.get(k - 1)! + 1
      while (a < before.length && a - k < after.length && before[a] === after[a - k]) a++
      furthest.set(k, a)
      if (a >= before.length && a - k >= after.length) return walkedBack(trace, before, after)
    }
  }
  return [...before.map((line, a): Edit => ({ sign: '-', line, a, b: 0 })), ...after.map((line, b): Edit => ({ sign: '+', line, a: before.length, b }))]
}

function walkedBack(trace: readonly Map<number, number>[], before: readonly string[], after: readonly string[]): Edit[] {
  const edits: Edit[] = []
  let [a, b] = [before.length, after.length]
  for (let d = trace.length - 1; d >= 0; d--) {
    const furthest = trace[d]!
    const k = a - b
    const down = k === -d || (k !== d && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1))
    const fromK = down ? k + 1 : k - 1
    const fromA = furthest.get(fromK)!
    const fromB = fromA - fromK
    while (a > fromA && b > fromB) edits.push({ sign: ' ', line: before[--a]!, a, b: --b })
    if (d === 0) break
    if (down) edits.push({ sign: '+', line: after[--b]!, a, b })
    else edits.push({ sign: '-', line: before[--a]!, a, b })
  }
  return edits.reverse()
}

function hunks(edits: readonly Edit[]): string[] {
  const lines: string[] = []
  for (let at = 0; at < edits.length; ) {
    if (edits[at]!.sign === ' ') {
      at++
      continue
    }
    const from = Math.max(0, at - context)
    let to = at
    // Changes closer than twice the context share a hunk.
    for (let look = at; look < edits.length && look <= to + 2 * context; look++) if (edits[look]!.sign !== ' ') to = look
    const hunk = edits.slice(from, to + 1 + context)
    lines.push(headOf(hunk), ...hunk.map(({ sign, line }) => `${sign}${line}`))
    at = to + 1 + context
  }
  return lines
}

function headOf(hunk: readonly Edit[]): string {
  const range = (start: number, signs: string): string => {
    const count = hunk.filter(({ sign }) => signs.includes(sign)).length
    return `${count === 0 ? start : start + 1},${count}`
  }
  return `@@ -${range(hunk[0]!.a, ' -')} +${range(hunk[0]!.b, ' +')} @@`
}
