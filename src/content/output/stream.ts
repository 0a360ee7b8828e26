import type { Finder, Span } from './spans.ts'

/** What may be shown now, and what was found with it. Offsets are of the whole stream as it was handed in. */
export interface Shown<Found extends Span> {
  text: string
  findings: Found[]
}

export interface SpanStream<Found extends Span> {
  push(chunk: string): Shown<Found>
  /** Hands out what was held back. The stream is used up then. */
  end(): Shown<Found>
}

/**
 * Rewrites a text that arrives in chunks. All texts handed out, joined, equal the whole text with its findings
 * replaced, however it was cut. Memory is bounded by the finder's `pending` and `lookBehind`, and one chunk.
 * @param replacement what to write for a finding; `null` leaves its text as it is
 */
export function createSpanStream<Found extends Span>(
  finder: Finder<Found>,
  replacement: (found: Found, text: string) => string | null,
): SpanStream<Found> {
  let window = ''
  let base = 0 // offset of window[0] in the stream
  let shownTo = 0
  let swallowing: RegExp | null = null

  const step = (chunk: string, last: boolean): Shown<Found> => {
    window += chunk
    let limit = base + window.length - (last ? 0 : Math.min(finder.pending(window), window.length))
    const shown: Shown<Found> = { text: '', findings: [] }
    if (swallowing) {
      swallowing.lastIndex = shownTo - base
      shownTo += swallowing.exec(window)![0].length
      if (shownTo < base + window.length) swallowing = null
    }
    for (const found of finder.find(window, shownTo - base)) {
      const start = base + found.start
      const end = base + found.end
      if (end > limit) {
        limit = Math.min(limit, start)
        break
      }
      const text = window.slice(found.start, found.end)
      shown.text += window.slice(shownTo - base, found.start) + (replacement(found, text) ?? text)
      shown.findings.push({ ...found, start, end })
      shownTo = end
      if (end === base + window.length && !last) swallowing = finder.rest?.(found) ?? null
    }
    if (limit > shownTo) {
      shown.text += window.slice(shownTo - base, limit - base)
      shownTo = limit
    }
    const drop = shownTo - base - finder.lookBehind
    // Cutting seldom and much is cheaper than a little at every chunk.
    if (drop > finder.lookBehind) {
      window = window.slice(drop)
      base += drop
    }
    return shown
  }
  return { push: (chunk) => step(chunk, false), end: () => step('', true) }
}
