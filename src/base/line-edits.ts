/** One line of a difference: kept, taken out or put in. */
export interface LineEdit {
  sign: ' ' | '-' | '+'
  line: string
  /** Numbers in both texts, from zero. */
  a: number
  b: number
}

// Two thousand changed lines take milliseconds; beyond that nobody reads a diff, and all of it is shown as replaced.
const maxEdits = 2000

/** The shortest way from some lines to others. Pure. */
export function lineEdits(before: readonly string[], after: readonly string[]): LineEdit[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let end = 0
  while (end < before.length - start && end < after.length - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++
  const kept = (index: number): LineEdit => ({ sign: ' ', line: before[index]!, a: index, b: index })
  const middle = shortest(before.slice(start, before.length - end), after.slice(start, after.length - end)).map((edit) => ({ ...edit, a: edit.a + start, b: edit.b + start }))
  const tail = Array.from({ length: end }, (_, index) => ({ ...kept(before.length - end + index), b: after.length - end + index }))
  return [...Array.from({ length: start }, (_, index) => kept(index)), ...middle, ...tail]
}

/** Myers' greedy algorithm (An O(ND) Difference Algorithm, 1986), with the path kept for every number of edits. */
function shortest(before: readonly string[], after: readonly string[]): LineEdit[] {
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
  return [...before.map((line, a): LineEdit => ({ sign: '-', line, a, b: 0 })), ...after.map((line, b): LineEdit => ({ sign: '+', line, a: before.length, b }))]
}

function walkedBack(trace: readonly Map<number, number>[], before: readonly string[], after: readonly string[]): LineEdit[] {
  const edits: LineEdit[] = []
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
