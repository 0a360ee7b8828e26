import { byOrigin, type Piece } from './layer.ts'

/**
 * The text with its escapes read: `%41`, `&#65;`, `&#x41;`, `&lt;`, `\u0041`, `\u{41}`, `\x41`, all in one pass, as
 * a mix of them is how they are met. Percent signs are read as UTF-8.
 */
export function* escapedPieces(text: string): Generator<Piece> {
  if (!/[%&\\]/.test(text)) return
  const read = { text: '', origin: [] as number[] }
  let at = 0
  let seen = 0
  for (const match of text.matchAll(escape)) {
    const letters = letterOf(match[0])
    if (letters === null) continue
    copy(read, text.slice(at, match.index), at)
    for (let i = 0; i < letters.length; i++) read.origin.push(match.index)
    read.text += letters
    at = match.index + match[0].length
    seen++
  }
  if (seen === 0) return
  copy(read, text.slice(at), at)
  read.origin.push(text.length)
  yield { encoding: 'escapes', text: read.text, at: byOrigin(read.origin) }
}

// A run of percent escapes is taken at once, for a letter may be several bytes; 64 are more than any letter needs.
const escape =
  /(?:%[0-9A-Fa-f]{2}){1,64}|&#[0-9]{1,7};|&#[xX][0-9A-Fa-f]{1,6};|&[a-z]{2,6};|\\u\{[0-9A-Fa-f]{1,6}\}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}/g

const named = new Map([
  ['&lt;', '<'], ['&gt;', '>'], ['&amp;', '&'], ['&quot;', '"'], ['&apos;', "'"], ['&nbsp;', ' '], ['&shy;', ''],
])

function letterOf(escaped: string): string | null {
  if (escaped.startsWith('%')) return fromPercents(escaped)
  if (escaped.startsWith('&#x') || escaped.startsWith('&#X')) return fromCode(parseInt(escaped.slice(3, -1), 16))
  if (escaped.startsWith('&#')) return fromCode(Number(escaped.slice(2, -1)))
  if (escaped.startsWith('&')) return named.get(escaped) ?? null
  return fromCode(parseInt(escaped.replace(/[\\ux{}]/g, ''), 16))
}

function fromPercents(run: string): string | null {
  try {
    return decodeURIComponent(run)
  } catch {
    return null
  }
}

function fromCode(code: number): string | null {
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : null
}

function copy(read: { text: string; origin: number[] }, part: string, from: number): void {
  read.text += part
  for (let i = 0; i < part.length; i++) read.origin.push(from + i)
}
