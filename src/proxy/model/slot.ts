import { closingQuote, isEscaped } from './json-text.ts'
import { markerOf } from './redact-json.ts'
import type { ModelContent } from './ports.ts'

/**
 * One text that arrives in parts: an answer, the arguments of one tool call. It knows up to where the text is
 * decided, that is, no later part can make a secret of it.
 */
export interface Slot {
  /** Appends a part; @returns the offset of its end */
  append(text: string): number
  /** Looks again at what is not decided. `whole`: nothing follows. */
  judge(whole: boolean): void
  /** Offset up to which the text is decided. Only grows. */
  decided(): number
  /** Gives up waiting: everything undecided is treated as secret. */
  giveUp(): void
  /** The decided text between two offsets, redacted; `null` when there is nothing to redact in it. */
  redacted(text: string, start: number): string | null
}

interface Mark {
  start: number
  end: number
  text: string
}

// Left of the undecided text stays this much for patterns that look at what stands before a secret (`password=`).
const contextChars = 512
// A private key of 4096 bits is 3.2 KiB; whatever waits longer than this is forgotten from the front.
const maxWindowChars = 65_536

export function createSlot(kind: 'text' | 'json', content: ModelContent): Slot {
  let window = ''
  let base = 0
  let decided = 0
  let marks: Mark[] = []
  let gaveUpAt = -1

  /** A JSON text must stay one: quotes that end a string and halves of an escape are not covered. */
  const fit = (start: number, end: number): [number, number] => {
    if (kind === 'text') return [start, end]
    const [from, to] = longestRun(window, start - base, end - base)
    return [base + afterEscape(window, from), base + beforeEscape(window, to)]
  }

  const mark = (from: number, to: number, text: string): void => {
    const [start, end] = fit(from, to)
    if (end <= start) return
    if (start === gaveUpAt) {
      marks.push({ start, end, text: '' }) // goes on where we gave up: one marker is enough
      gaveUpAt = end
    } else marks.push({ start, end, text })
  }

  return {
    append(text) {
      window += text
      return base + window.length
    },

    judge(whole) {
      const view = kind === 'json' ? spaceEscapes(window) : window
      const pending = whole ? 0 : Math.max(0, Math.min(content.pendingSecretLength(view), window.length))
      let limit = base + window.length - pending
      const found = content.findSecrets(view)
      // A secret that reaches into the pending end may still grow: it is decided as a whole or not at all.
      for (const { start, end } of found) if (base + end > limit) limit = Math.min(limit, base + start)
      for (const { type, start, end } of found) {
        const from = Math.max(base + start, decided)
        if (base + end <= limit && from < base + end) mark(from, base + end, markerOf(type, view.slice(start, end), content))
      }
      decided = Math.max(decided, limit)
      const drop = Math.max(decided - base - contextChars, window.length - maxWindowChars)
      // Cutting seldom and much is cheaper than cutting a little at every part.
      if (drop > contextChars) {
        window = window.slice(drop)
        base += drop
        decided = Math.max(decided, base)
      }
    },

    decided: () => decided,

    giveUp() {
      const [, end] = fit(decided, base + window.length)
      if (end <= decided) return
      mark(decided, end, '[REDACTED_SUSPECTED]')
      gaveUpAt = end
      decided = end
    },

    redacted(text, start) {
      const end = start + text.length
      const hits = marks.filter((hit) => hit.start < end && hit.end > start)
      marks = marks.filter((hit) => hit.end > end)
      if (hits.length === 0) return null
      let out = ''
      let at = start
      for (const hit of hits) {
        if (hit.start > at) out += text.slice(at - start, hit.start - start)
        if (hit.start >= start) out += hit.text
        at = Math.min(hit.end, end)
      }
      return out + text.slice(at - start)
    },
  }
}

/** Escapes of line breaks and tabs as blanks, lengths kept: in `\nghp_…` the `n` is no part of the token. */
function spaceEscapes(json: string): string {
  if (!json.includes('\\')) return json
  return json.replaceAll(/\\[\\nrt]/g, (escape) => blanks[escape] ?? escape)
}

const blanks: Readonly<Record<string, string>> = { '\\n': ' \n', '\\r': ' \r', '\\t': ' \t' }

/** The longest part of a piece of JSON text without a quote that opens or closes a string. */
function longestRun(json: string, start: number, end: number): [number, number] {
  let best: [number, number] = [start, start]
  for (let from = start; from <= end; ) {
    const to = Math.min(closingQuote(json, from - 1), end)
    if (to - from > best[1] - best[0]) best = [from, to]
    from = to + 1
  }
  return best
}

/** Where the escape ends whose middle this is, or the place itself. */
function afterEscape(json: string, at: number): number {
  const opened = openEscape(json, at)
  if (opened === -1) return at
  return Math.min(json.length, opened + (json[opened + 1] === 'u' ? 6 : 2))
}

function beforeEscape(json: string, at: number): number {
  const opened = openEscape(json, at)
  return opened === -1 ? at : opened
}

/** Index of the backslash of an escape that is cut by this place; -1 when none is. */
function openEscape(json: string, at: number): number {
  const tail = /\\(?:u[0-9a-fA-F]{0,3})?$/.exec(json.slice(Math.max(0, at - 5), at))
  if (!tail) return -1
  const opened = Math.max(0, at - 5) + tail.index
  return isEscaped(json, opened) ? -1 : opened
}
