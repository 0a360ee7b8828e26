// Texts are mostly shorter; one that is longer is looked at in memory of its own.
const mostKept = 262_144

let kept = new Uint8Array(16_384)
const encoder = new TextEncoder()

/**
 * A text as bytes, which are several times quicker to look through than units of a string. Good until the next text is
 * asked for.
 * @returns `null` when not all of it is ASCII
 */
export function asciiOf(text: string): Uint8Array | null {
  const bytes = text.length <= mostKept ? roomFor(text.length) : new Uint8Array(text.length)
  const { read, written } = encoder.encodeInto(text, bytes)
  return read === written && read === text.length ? bytes : null
}

/** The UTF-16 units of a text, as quick to look through as can be had. Good until the next text is asked for. */
export function unitsOf(text: string): Uint8Array | Uint16Array {
  const ascii = asciiOf(text)
  if (ascii) return ascii
  const units = new Uint16Array(text.length)
  for (let at = 0; at < text.length; at++) units[at] = text.charCodeAt(at)
  return units
}

function roomFor(length: number): Uint8Array {
  if (kept.length < length) kept = new Uint8Array(Math.min(mostKept, 2 * length))
  return kept
}
