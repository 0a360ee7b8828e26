// long: views of a text, findings in them and what is left of the text belong together
import { withoutEchoes } from './echoes.ts'
import { joined, markerOf } from './finders.ts'
import { closingQuote, isEscaped } from './json-text.ts'
import { keptTexts, type Sender } from './kept-texts.ts'
import type { ModelContent, TextFinding } from './ports.ts'

export type Redacted =
  /** `text` is the very same string when `found` is 0. */
  | { ok: true; text: string; found: number }
  /** Something was found and cannot be taken out without breaking the JSON, or must not go on at all. */
  | { ok: false; reason: string; cut?: NonNullable<TextFinding['cut']> }

/**
 * Takes secrets out of a JSON text and leaves every other byte as it is. Secrets are looked for in the text as a
 * reader of it would see it, with escapes resolved: in `"\nghp_…"` the raw text has an `n` glued to the token. They are
 * resolved again for whoever reads a JSON text inside it, and one in that: arguments of a tool are one.
 *
 * Left alone are signed thinking (the API refuses it when changed; it came from there) and inlined media, unless a
 * value that was handed to us stands in them.
 * @param text valid JSON
 * @param sender whose text it is: requests have less that is left alone
 */
export function redactJson(text: string, content: ModelContent, sender: Sender = 'provider'): Redacted {
  return redactFound(text, findingsIn(text, content), content, sender)
}

/** The same, for whoever did the looking. @param found in order, not overlapping; offsets count in `text` */
export function redactFound(text: string, found: readonly Found[], content: ModelContent, sender: Sender): Redacted {
  if (found.length === 0) return { ok: true, text, found: 0 }
  const cut = found.find((finding) => finding.cut)?.cut
  if (cut) return { ok: false, reason: cut.reason, cut }
  const kept = keptTexts(JSON.parse(text), sender)
  const [keptOnes, others] = partition(found, ({ type, start }) => type !== knownValue && isKept(text, start, kept))
  const known = keptOnes.map((one) => knownInside(one, text, content))
  // What begins in a kept text hides what it passes over: another text it ends in, a value that was handed to us.
  if (keptOnes.some(({ start, end }) => crossesQuote(text, start, end)) || known.includes(null)) return redactValues(text, content, sender)
  const taken = joined([...others, ...known.flatMap((inside) => inside ?? [])])
  if (taken.length === 0) return { ok: true, text, found: 0 }
  if (taken.some(({ start, end }) => crossesQuote(text, start, end))) return redactValues(text, content, sender)
  const out = without(taken, text, content)
  if (!isJson(out)) return redactValues(text, content, sender)
  return { ok: true, text: withoutEchoes(out), found: taken.length }
}

/** The same for a text that is no JSON, and for one string of it: escapes in it may mean something to its reader. */
export function redactPlain(text: string, content: ModelContent): Redacted {
  const found = findIn([plainView(text), ...deeperViews(plainView(text))], content)
  const cut = found.find((finding) => finding.cut)?.cut
  if (cut) return { ok: false, reason: cut.reason, cut }
  return { ok: true, text: found.length === 0 ? text : without(found, text, content), found: found.length }
}

/** A string as it may be shown; what cannot be shown is left out whole. */
export function cleaned(text: string, content: ModelContent): string {
  const result = redactPlain(text, content)
  return result.ok ? result.text : '[REDACTED]'
}

/** What is found in a JSON text, in all the ways it is read: for `redactFound`. */
export function findingsIn(json: string, content: ModelContent): readonly Found[] {
  return findIn(viewsOf(json), content)
}

/** True when there is nothing of that. */
export function isClean(json: string, content: ModelContent): boolean {
  return findingsIn(json, content).length === 0
}

// What the content room calls a value that was handed to it: it is one wherever it stands.
const knownValue = 'known-value'

/** Offsets count in the raw text. */
export interface Found extends TextFinding {
  secret: string
}

function findIn(views: readonly View[], content: ModelContent): readonly Found[] {
  const found = views.flatMap(({ text, rawStart }) =>
    content.findSecrets(text).map((finding): Found => {
      const secret = text.slice(finding.start, finding.end)
      return { ...finding, secret, start: rawStart(finding.start), end: rawStart(finding.end) }
    }),
  )
  return joined(found)
}

function without(found: readonly Found[], text: string, content: ModelContent): string {
  let out = ''
  let at = 0
  for (const { type, start, end, secret } of found) {
    out += text.slice(at, start) + markerOf(type, secret, content)
    at = end
  }
  return out + text.slice(at)
}

/** A JSON text as its reader sees it, and, when it holds escapes inside escapes, as the reader of its strings does. */
export function viewsOf(json: string): readonly View[] {
  const view = resolveEscapes(json)
  return view.text.includes('\\') ? [view, ...deeperViews(view)] : [view]
}

function deeperViews(view: View, depth = 1): readonly View[] {
  const inner = depth < maxDepth ? innerView(view, view.text.length) : null
  return inner ? [inner, ...deeperViews(inner, depth + 1)] : []
}

// The request, arguments in it, a JSON text in those, and one in that.
export const maxDepth = 4

/**
 * The view of whoever reads the escapes that are still in a view; `null` when there are none that matter.
 * @param end how much of the view is read
 */
export function innerView(view: View, end: number): View | null {
  const text = view.text.slice(0, end)
  if (!meaningfulEscape.test(text)) return null
  const inner = resolveEscapes(text)
  return {
    text: inner.text,
    rawStart: (offset) => view.rawStart(inner.rawStart(offset)),
    viewStart: (raw) => inner.viewStart(view.viewStart(raw)),
  }
}

// A quote or a backslash that is escaped divides no secret from what it is; every call of a tool has some of them.
const meaningfulEscape = /\\[^"\\]/

export interface View {
  text: string
  /** Offset in the raw text of an offset in `text`. */
  rawStart: (offset: number) => number
  /** Offset in `text` of an offset in the raw text, which is inside no escape. */
  viewStart: (raw: number) => number
}

/** A text without escapes, which is its own view. */
export function plainView(text: string): View {
  return { text, rawStart: same, viewStart: same }
}

function same(offset: number): number {
  return offset
}

/** The text with its JSON escapes resolved, and the way back. Without a backslash it is the text itself. */
export function resolveEscapes(raw: string): View {
  if (!raw.includes('\\')) return plainView(raw)
  let places: Places | null = null // only a finding asks for them, and most texts hold none
  return {
    text: withoutEscapes(raw),
    rawStart(offset) {
      places ??= placesOf(raw)
      const stop = lastAtMost(places.inView, offset)
      return places.inRaw[stop]! + (offset - places.inView[stop]!)
    },
    viewStart(offset) {
      places ??= placesOf(raw)
      const stop = lastAtMost(places.inRaw, offset)
      return places.inView[stop]! + (offset - places.inRaw[stop]!)
    },
  }
}

function withoutEscapes(raw: string): string {
  let text = ''
  let at = 0
  for (let escape = raw.indexOf('\\'); escape !== -1; escape = raw.indexOf('\\', at)) {
    text += raw.slice(at, escape) + resolved(raw, escape)
    at = escape + sizeOf(raw, escape)
  }
  return text + raw.slice(at)
}

/** Where each run without escapes, and each escape, begins in both texts. */
interface Places {
  inView: number[]
  inRaw: number[]
}

function placesOf(raw: string): Places {
  const places: Places = { inView: [0], inRaw: [0] }
  let at = 0
  let length = 0
  for (let escape = raw.indexOf('\\'); escape !== -1; escape = raw.indexOf('\\', at)) {
    length += escape - at
    at = escape + sizeOf(raw, escape)
    places.inView.push(length, length + 1)
    places.inRaw.push(escape, at)
    length += 1
  }
  return places
}

function sizeOf(raw: string, escape: number): number {
  if (raw.charCodeAt(escape + 1) !== letterU) return 2
  return fourDigits.test(raw.slice(escape + 2, escape + 6)) ? 6 : 2
}

const letterU = 0x75
// Else it is no escape: it must not hide the quote behind it from us.
const fourDigits = /^[0-9a-fA-F]{4}$/

// Source: RFC 8259, section 7.
const shortEscapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

function resolved(raw: string, at: number): string {
  const letter = raw[at + 1] ?? ''
  if (letter === 'u' && sizeOf(raw, at) === 6) return String.fromCharCode(Number.parseInt(raw.slice(at + 2, at + 6), 16))
  return shortEscapes[letter] ?? letter
}

/** Index of the last element that is not larger; several may be equal. */
function lastAtMost(sorted: readonly number[], value: number): number {
  let low = 0
  let high = sorted.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (sorted[middle]! <= value) low = middle
    else high = middle - 1
  }
  return low
}

function crossesQuote(text: string, from: number, to: number): boolean {
  for (let at = text.indexOf('"', from); at !== -1 && at < to; at = text.indexOf('"', at + 1)) {
    if (!isEscaped(text, at)) return true
  }
  return false
}

function isKept(text: string, at: number, kept: ReadonlySet<string>): boolean {
  if (kept.size === 0) return false
  let open = text.lastIndexOf('"', at - 1)
  while (open > 0 && isEscaped(text, open)) open = text.lastIndexOf('"', open - 1)
  if (open < 0) return false
  const literal = text.slice(open, closingQuote(text, open) + 1)
  try {
    return kept.has(JSON.parse(literal) as string)
  } catch {
    return false // the place is between two strings
  }
}

/** The slow way, for a finding that spans several strings: every string by itself, written anew. */
function redactValues(text: string, content: ModelContent, sender: Sender): Redacted {
  const parsed: unknown = JSON.parse(text)
  const kept = keptTexts(parsed, sender)
  const rewrite = (keptAs: (value: string) => string): string =>
    JSON.stringify(parsed, (_key, value: unknown) => {
      if (typeof value !== 'string') return value
      return kept.has(value) ? keptAs(value) : cleaned(value, content)
    })
  // Judged without the kept texts: what is found in those is no reason to refuse.
  if (!isClean(rewrite(() => ''), content)) {
    return { ok: false, reason: 'a secret spans several fields and cannot be taken out' }
  }
  const written = rewrite((value) => withoutKnown(value, content))
  if (written === JSON.stringify(parsed)) return { ok: true, text, found: 0 }
  return { ok: true, text: withoutEchoes(written), found: 1 }
}

function withoutKnown(text: string, content: ModelContent): string {
  const found = knownIn(text, content).map((finding) => ({ ...finding, secret: text.slice(finding.start, finding.end) }))
  return without(joined(found), text, content)
}

/** @returns `null` when there are some whose place in the raw text is not known */
function knownInside({ secret, start, end }: Found, text: string, content: ModelContent): Found[] | null {
  const inside = knownIn(secret, content)
  if (inside.length > 0 && text.slice(start, end) !== secret) return null
  return inside.map((one) => ({ ...one, secret: secret.slice(one.start, one.end), start: start + one.start, end: start + one.end }))
}

function partition<Item>(items: readonly Item[], isFirst: (item: Item) => boolean): [Item[], Item[]] {
  const both: [Item[], Item[]] = [[], []]
  for (const item of items) both[isFirst(item) ? 0 : 1].push(item)
  return both
}

/** Values that were handed to us, also where they are part of what looks like another secret. */
function knownIn(text: string, content: ModelContent): readonly TextFinding[] {
  return content.findKnown?.(text) ?? content.findSecrets(text).filter(({ type }) => type === knownValue)
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
