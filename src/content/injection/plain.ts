import { lookAlike } from '../encoding/confusables.ts'
import { isInvisible } from '../input/invisible.ts'

/** A text as words are compared: small letters, no accents, look-alikes read as ASCII, nothing invisible. */
export interface Plain {
  text: string
  /** Place in the original of each unit and of the end; `null` when each unit stands where it stood. */
  origin: Int32Array | null
}

export function plainOf(text: string): Plain {
  const lower = text.toLowerCase()
  if (!/[^\0-\x7f]/.test(text)) return { text: lower, origin: null }
  const parts: string[] = []
  const origin: number[] = []
  let at = 0
  for (const letter of text) {
    const plain = letter < '\x80' ? letter.toLowerCase() : plainLetter(letter)
    parts.push(plain)
    for (let i = 0; i < plain.length; i++) origin.push(at)
    at += letter.length
  }
  origin.push(text.length)
  return { text: parts.join(''), origin: Int32Array.from(origin) }
}

const known = new Map<string, string>()

function plainLetter(letter: string): string {
  const before = known.get(letter)
  if (before !== undefined) return before
  const folded = [...letter.normalize('NFKD').replace(/\p{M}/gu, '')].map(lookAlike).join('').toLowerCase()
  const plain = isInvisible(letter) ? '' : folded
  // A text may hold every letter there is; those of one text of ordinary people fit.
  if (known.size < 4096) known.set(letter, plain)
  return plain
}
