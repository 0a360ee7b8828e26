/**
 * A value as tools write it down: as it is, inside a JSON text, in base64, hexadecimal, percent-encoded. Base64 depends
 * on what stands before the value (`user:value` in a Basic header): of each of the three possible alignments, the
 * letters that depend on the value alone.
 */
export function formsOf(value: string): Set<string> {
  const bytes = encoder.encode(value)
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  const percent = encodeURIComponent(wellFormed(value))
  const json = JSON.stringify(value).slice(1, -1)
  const base64 = [0, 1, 2].map((shift) => base64Within(bytes, shift))
  const urlSafe = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))
  return new Set([
    value,
    json,
    hex,
    hex.toUpperCase(),
    percent,
    percent.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
    percent.replaceAll('%20', '+'),
    ...base64,
    ...urlSafe,
  ])
}

const encoder = new TextEncoder()
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** The letters of base64 (RFC 4648) made of whole units of these bytes, when `shift` bytes stand before them. */
function base64Within(bytes: Uint8Array, shift: number): string {
  const firstLetter = Math.ceil((shift * 8) / 6)
  const lastLetter = Math.floor(((shift + bytes.length) * 8) / 6)
  let text = ''
  for (let letter = firstLetter; letter < lastLetter; letter++) {
    const bit = letter * 6 - shift * 8
    const pair = (bytes[bit >> 3]! << 8) | (bytes[(bit >> 3) + 1] ?? 0)
    text += alphabet[(pair >> (10 - (bit & 7))) & 63]
  }
  return text
}

/** A lone surrogate cannot be percent-encoded: TextEncoder's own replacement for it. */
function wellFormed(value: string): string {
  return new TextDecoder().decode(encoder.encode(value))
}
