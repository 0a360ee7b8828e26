import type { Mark } from './marks.ts'

/**
 * A text with everything left out that may stand between the letters of a canary, and the way back to it. Of an
 * endless text it keeps the end.
 */
export interface View {
  /** Takes the next UTF-16 unit. @returns its letter as ASCII; 0 for what is left out */
  take(unit: number): number
  /** Letters so far. Places count from the first. */
  readonly length: number
  slice(start: number, end: number): string
  /** UTF-16 offset, in all the text, of a letter that is still kept. */
  origin(at: number): number
}

/** @param keep how many letters, at least, stay readable */
export function createView(kind: Mark['view'], keep: number): View {
  const table = lettersOf(kind)
  const room = keep + 2048
  const letters = new Uint8Array(room)
  const origins = new Float64Array(room)
  let base = 0 // place of letters[0]
  let used = 0
  let offset = 0
  let high = 0 // first half of a pair, whose second half is still to come

  return {
    take(unit) {
      const letter = high > 0 && isLow(unit) ? pairLetter(high, unit, kind) : table[unit]!
      high = isStyled(unit) ? unit : 0
      offset++
      if (letter === 0) return 0
      if (used === room) {
        letters.copyWithin(0, room - keep)
        origins.copyWithin(0, room - keep)
        base += room - keep
        used = keep
      }
      letters[used] = letter
      origins[used++] = offset - 1
      return letter
    },
    get length() {
      return base + used
    },
    slice: (start, end) => String.fromCharCode(...letters.subarray(start - base, end - base)),
    origin: (at) => origins[at - base]!,
  }
}

/** The letter of every UTF-16 unit by itself; 0 for what is left out. */
export function lettersOf(kind: Mark['view']): Uint8Array {
  return tables[kind]()
}

/** The letter of the unit at a place, as `View.take` tells it; `letters` are `lettersOf(kind)`. */
export function letterAt(text: string, at: number, { letters, kind }: { letters: Uint8Array; kind: Mark['view'] }): number {
  const unit = text.charCodeAt(at)
  if (at === 0 || !isLow(unit)) return letters[unit]!
  const high = text.charCodeAt(at - 1)
  return isStyled(high) ? pairLetter(high, unit, kind) : letters[unit]!
}

const tables: Readonly<Record<Mark['view'], () => Uint8Array>> = { folded: lazily('folded'), exact: lazily('exact') }

/** The letter of every UTF-16 unit. 64 KiB each, made when first wanted. */
function lazily(kind: Mark['view']): () => Uint8Array {
  let table: Uint8Array | null = null
  return () => {
    if (table) return table
    table = new Uint8Array(65_536)
    for (const [from, to] of lettersOfAllKinds) {
      for (let unit = from; unit <= to; unit++) table[unit] = letterOf(String.fromCharCode(unit), kind)
    }
    return table
  }
}

// ASCII; superscripts; modifier letters; sub- and superscripts; letterlike; circled; full width.
const lettersOfAllKinds: readonly (readonly [number, number])[] = [
  [0x2b, 0x7a],
  [0xaa, 0xba],
  [0x2b0, 0x2b8],
  [0x1d2c, 0x1d6a],
  [0x2070, 0x209c],
  [0x2100, 0x214f],
  [0x2460, 0x24e9],
  [0xff0b, 0xff5a],
]

function letterOf(sign: string, kind: Mark['view']): number {
  // Compatibility forms come apart: `ⓐ`, `ａ`, `𝐚` and `⒜` are an a; of several letters the first counts.
  const plain = /[A-Za-z0-9+/_-]/.exec(sign.normalize('NFKD'))?.[0] ?? ''
  const inBase64 = plain.replace('-', '+').replace('_', '/')
  const letter = kind === 'folded' ? plain.toLowerCase().replace(/[^a-z0-9]/, '') : inBase64
  return letter === '' ? 0 : letter.charCodeAt(0)
}

const notAsked = 255
const pairLetters = { folded: new Uint8Array(2_048).fill(notAsked), exact: new Uint8Array(2_048).fill(notAsked) }

/** The letter of two units, remembered: to take one apart costs as much as a hundred others. */
function pairLetter(high: number, low: number, kind: Mark['view']): number {
  const known = pairLetters[kind]
  const at = (high === 0xd835 ? 0 : 1_024) + low - 0xdc00
  if (known[at] === notAsked) known[at] = letterOf(String.fromCharCode(high, low), kind)
  return known[at]!
}

/** First half of a styled or squared letter. */
function isStyled(unit: number): boolean {
  return unit === 0xd835 || unit === 0xd83c
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}
