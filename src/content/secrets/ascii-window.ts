// Few at first, because most texts are short or hold a keyword soon.
const firstUnits = 1_024
const laterUnits = 8_192
// So much behind them belongs to keywords that begin in them, as far as a quick look goes.
const beyondUnits = 8

/**
 * A part of a text as bytes, which are several times quicker to look through than units of a string. Zeros are behind
 * it. What is in it counts until somebody asks for another part.
 */
export const windowBytes = new Uint8Array(laterUnits + 2 * beyondUnits)
/** The same, two at a time. */
export const windowPairs = new Uint16Array(windowBytes.buffer)

/** What is in the window: the units of `text` from `base` on. */
export interface Shown {
  text: string
  base: number
  /** How many units keywords may begin in. */
  units: number
  /** How many there are, with some of those behind; 0 when not all of them are ASCII: look at the text itself. */
  seen: number
}

// One, overwritten: whoever finds a keyword asks for what follows it, nearly always in the same part of the same text.
const shown: Shown = { text: '', base: 0, units: 0, seen: 0 }

/** Brings the part of a text into view that has the unit at `at`, or begins with it. */
export function show(text: string, at: number, isFirst: boolean): Readonly<Shown> {
  if (at >= shown.base && at < shown.base + shown.units && text === shown.text) return shown
  const most = isFirst ? firstUnits : laterUnits
  const { read, written } = encoder.encodeInto(at === 0 ? text : text.slice(at), isFirst ? firstTarget : laterTarget)
  const isAscii = read === written
  if (isAscii) for (let end = written; end < written + beyondUnits; end++) windowBytes[end] = 0
  shown.text = text
  shown.base = at
  shown.units = Math.min(most, text.length - at)
  shown.seen = isAscii ? written : 0
  return shown
}

const encoder = new TextEncoder()
const firstTarget = windowBytes.subarray(0, firstUnits + beyondUnits)
const laterTarget = windowBytes.subarray(0, laterUnits + beyondUnits)
