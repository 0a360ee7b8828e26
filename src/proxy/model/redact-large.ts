import { setImmediate as rest } from 'node:timers/promises'
import { joined } from './finders.ts'
import type { Sender } from './kept-texts.ts'
import type { ModelContent } from './ports.ts'
import { Stopwatch, type Patience } from './patience.ts'
import { redactFound, viewsOf, type Found, type Redacted, type View } from './redact-json.ts'

/**
 * From here on a text is looked through in pieces, with a rest after each in which everybody else has his turn: on text
 * made for it detectors take up to two seconds a megabyte, and the kill switch is thrown by the same thread.
 */
export const largeChars = 262_144

// A tenth of a second at worst.
const pieceChars = 65_536
// What stands before a piece is looked at with it: as far as the content room may look back.
const contextChars = 512

const tooCostly: Redacted = { ok: false, reason: 'it takes too long to look through this text; it is refused, because what was not looked at does not go on' }

/** `redactJson` for a text of any length: the same findings, and nobody else is held up. */
export async function redactLargeJson(text: string, content: ModelContent, sender: Sender, patience: Patience): Promise<Redacted> {
  const stopwatch = new Stopwatch(patience)
  const found: Found[] = []
  for (const view of stopwatch.time(() => viewsOf(text))) {
    const more = await foundIn(view, content, stopwatch)
    if (more === null) return tooCostly
    found.push(...more)
    if (more.some(({ cut }) => cut)) break
  }
  const result = redactFound(text, joined(found), content, sender)
  await rest()
  return result
}

/** @returns `null` when time is up */
async function foundIn({ text, rawStart }: View, content: ModelContent, stopwatch: Stopwatch): Promise<Found[] | null> {
  const found: Found[] = []
  let decided = 0
  for (let end = Math.min(pieceChars, text.length); ; end = Math.min(end + pieceChars, text.length)) {
    const base = Math.max(0, decided - contextChars)
    const window = text.slice(base, end)
    const isLast = end === text.length
    const piece = stopwatch.time(() => judge(window, content, { from: decided - base, isLast }))
    for (const finding of piece.found) {
      const [start, stop] = [base + finding.start, base + finding.end]
      found.push({ ...finding, secret: text.slice(start, stop), start: rawStart(start), end: rawStart(stop) })
    }
    if (isLast) return found
    decided = base + piece.decided
    if (stopwatch.isUp) return null
    await rest()
  }
}

type Piece = Pick<Found, 'type' | 'start' | 'end' | 'cut'>

/** What can be said of a window whose beginning was decided before. */
function judge(window: string, content: ModelContent, { from, isLast }: { from: number; isLast: boolean }): { found: Piece[]; decided: number } {
  const all = content.findSecretsFrom?.(window, from) ?? content.findSecrets(window)
  if (isLast) return { found: all.filter(({ end }) => end > from), decided: window.length }
  let decided = window.length - Math.min(content.pendingSecretLength(window), window.length - from)
  // A finding that reaches into the pending end may still grow: it is decided as a whole or not at all.
  for (const { start, end } of all) if (end > decided) decided = Math.max(from, Math.min(decided, start))
  return { found: all.filter(({ end }) => end > from && end <= decided), decided }
}
