import { withoutEchoes } from './echoes.ts'
import { markerOf } from './finders.ts'
import { closingQuote, isEscaped, isObject, parseObject } from './json-text.ts'
import type { ModelContent, TextFinding } from './ports.ts'
import { inside } from './usage.ts'

export type Redacted =
  /** `text` is the very same string when `found` is 0. */
  | { ok: true; text: string; found: number }
  /** Something was found and cannot be taken out without breaking the JSON, or must not go on at all. */
  | { ok: false; reason: string; cut?: NonNullable<TextFinding['cut']> }

/**
 * Takes secrets out of a JSON text and leaves every other byte as it is. Secrets are looked for in the text as a
 * reader of it would see it, with escapes resolved: in `"\nghp_…"` the raw text has an `n` glued to the token.
 *
 * Left alone are signed thinking (the API refuses it when changed; it came from there) and inlined media.
 * @param text valid JSON
 */
export function redactJson(text: string, content: ModelContent): Redacted {
  const view = resolveEscapes(text)
  const found = content.findSecrets(view.text)
  if (found.length === 0) return { ok: true, text, found: 0 }
  const cut = found.find((finding) => finding.cut)?.cut
  if (cut) return { ok: false, reason: cut.reason, cut }
  const kept = keptTexts(JSON.parse(text))
  let out = ''
  let at = 0
  let count = 0
  for (const { type, start, end } of found) {
    const from = view.rawStart(start)
    const to = view.rawStart(end)
    if (from < at || isKept(text, from, kept)) continue
    if (crossesQuote(text, from, to)) return redactValues(text, content)
    out += text.slice(at, from) + markerOf(type, view.text.slice(start, end), content)
    at = to
    count++
  }
  out += text.slice(at)
  if (!stillParses(out)) return redactValues(text, content)
  return { ok: true, text: count === 0 ? text : withoutEchoes(out), found: count }
}

/** The same for a text that is no JSON. */
export function redactPlain(text: string, content: ModelContent): Redacted {
  const found = content.findSecrets(text)
  const cut = found.find((finding) => finding.cut)?.cut
  if (cut) return { ok: false, reason: cut.reason, cut }
  return { ok: true, text: found.length === 0 ? text : content.redactSecrets(text), found: found.length }
}

export interface View {
  text: string
  /** Offset in the raw text of an offset in `text`. */
  rawStart(offset: number): number
}

/** The text with its JSON escapes resolved, and the way back. Without a backslash it is the text itself. */
export function resolveEscapes(raw: string): View {
  let escape = raw.indexOf('\\')
  if (escape === -1) return { text: raw, rawStart: (offset) => offset }
  const parts: string[] = []
  const viewOffsets = [0]
  const rawOffsets = [0]
  let at = 0
  let length = 0
  for (; escape !== -1; escape = raw.indexOf('\\', at)) {
    const size = raw[escape + 1] === 'u' ? 6 : 2
    parts.push(raw.slice(at, escape), resolved(raw, escape))
    length += escape - at
    viewOffsets.push(length, length + 1)
    rawOffsets.push(escape, escape + size)
    length += 1
    at = escape + size
  }
  parts.push(raw.slice(at))
  return {
    text: parts.join(''),
    rawStart(offset) {
      const stop = lastAtMost(viewOffsets, offset)
      return rawOffsets[stop]! + (offset - viewOffsets[stop]!)
    },
  }
}

// Source: RFC 8259, section 7.
const shortEscapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

function resolved(raw: string, at: number): string {
  const letter = raw[at + 1] ?? ''
  if (letter === 'u') return String.fromCharCode(Number.parseInt(raw.slice(at + 2, at + 6), 16))
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
function redactValues(text: string, content: ModelContent): Redacted {
  const parsed: unknown = JSON.parse(text)
  const kept = keptTexts(parsed)
  const rewrite = (keptAs: (value: string) => string): string =>
    JSON.stringify(parsed, (_key, value: unknown) => {
      if (typeof value !== 'string') return value
      return kept.has(value) ? keptAs(value) : content.redactSecrets(value)
    })
  // Judged without the kept texts: what is found in those is no reason to refuse.
  if (content.findSecrets(resolveEscapes(rewrite(() => '')).text).length > 0) {
    return { ok: false, reason: 'a secret spans several fields and cannot be taken out' }
  }
  return { ok: true, text: withoutEchoes(rewrite((value) => value)), found: 1 }
}

function stillParses(text: string): boolean {
  return parseObject(text) !== null
}

/** For whoever walks through the values by himself. Signed thinking, what the provider encrypted for itself, and base64 media, anywhere in a request or an answer. */
export function keptTexts(value: unknown, into: Set<string> = new Set()): Set<string> {
  if (Array.isArray(value)) for (const item of value) keptTexts(item, into)
  if (!isObject(value)) return into
  if (value.type === 'thinking') keep(into, value.thinking, value.signature)
  if (value.type === 'redacted_thinking') keep(into, value.data)
  keep(into, value.encrypted_content, value.encrypted_index, value.encrypted_stdout)
  keep(into, value.thoughtSignature, value.thought_signature)
  if (String(value.type).startsWith('reasoning.')) keep(into, value.text, value.signature, value.data)
  if (value.type === 'base64') keepMedia(into, value.data)
  keepMedia(into, value.image_url, value.file_data, value.partial_image_b64)
  if (value.type === 'image_generation_call') keepMedia(into, value.result)
  keepMedia(into, inside(value.inlineData ?? value.inline_data, 'data'))
  if (isObject(value.image_url)) keepMedia(into, value.image_url.url)
  if (isObject(value.audio)) keepMedia(into, value.audio.data)
  if (isObject(value.input_audio)) keepMedia(into, value.input_audio.data)
  if (isObject(value.file)) keepMedia(into, value.file.file_data)
  for (const item of Object.values(value)) if (typeof item === 'object') keptTexts(item, into)
  return into
}

function keep(into: Set<string>, ...texts: unknown[]): void {
  for (const text of texts) if (typeof text === 'string') into.add(text)
}

/** Only what is long and nothing but base64: a token written into such a field is not media. */
function keepMedia(into: Set<string>, ...texts: unknown[]): void {
  for (const text of texts) {
    // No credential we look for has 512 characters of pure base64 in one line.
    if (typeof text !== 'string' || text.length <= 512) continue
    if (/^(?:data:[\w/+.;=-]+,)?[A-Za-z0-9+/_-]+=*$/.test(text)) into.add(text)
  }
}
