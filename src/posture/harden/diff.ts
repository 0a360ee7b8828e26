import { lineEdits, type LineEdit } from '../../base/index.ts'

/** How many lines around a change are shown, as diff -u does. */
const context = 3
/**
 * A unified diff of two texts. Lines are compared as they are and printed as `show` gives them, so that two lines that
 * differ in what must not be seen still show up as a change. Empty when nothing differs. Pure.
 */
export function unifiedDiff(names: { before: string; after: string }, texts: { before: readonly string[]; after: readonly string[] }, show: { before: readonly string[]; after: readonly string[] }): string[] {
  const edits = lineEdits(texts.before, texts.after).map((edit) => ({ ...edit, line: edit.sign === '+' ? show.after[edit.b]! : show.before[edit.a]! }))
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

function hunks(edits: readonly LineEdit[]): string[] {
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

function headOf(hunk: readonly LineEdit[]): string {
  const range = (start: number, signs: string): string => {
    const count = hunk.filter(({ sign }) => signs.includes(sign)).length
    return `${count === 0 ? start : start + 1},${count}`
  }
  return `@@ -${range(hunk[0]!.a, ' -')} +${range(hunk[0]!.b, ' +')} @@`
}
