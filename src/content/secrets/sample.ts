import { marks } from './pattern.ts'

const digits = '0123456789'
const lower = 'abcdefghijklmnopqrstuvwxyz'
const upper = lower.toUpperCase()

const alphabets = {
  digit: digits,
  hex: `${digits}abcdef`,
  upper: `${upper}${digits}`,
  lower: `${lower}${digits}`,
  alnum: `${upper}${lower}${digits}`,
  base32: `${upper}234567`,
  base64: `${upper}${lower}${digits}+/`,
  url: `${upper}${lower}${digits}-_`,
} as const

export type Alphabet = keyof typeof alphabets

/**
 * Letters for an example, the same ones every time. Examples are put together at run time because a literal that
 * looks like a key makes every scanner on the way (ours, GitHub's) stop at our own repository.
 */
export function fill(length: number, alphabet: Alphabet = 'alnum'): string {
  const letters = alphabets[alphabet]
  let state = 2_463_534_242 + length
  let text = ''
  for (let i = 0; i < length; i++) {
    // Numerical Recipes' linear congruential generator: any spread of letters will do here.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    text += letters[(state >>> 16) % letters.length]
  }
  return text
}

/** A marked example: the prefix, then so many letters. */
export function sample(prefix: string, length: number, alphabet?: Alphabet): string {
  return mark(prefix + fill(length, alphabet))
}

export function mark(secret: string): string {
  return marks.open + secret + marks.close
}

/** A UUID in lower case that nobody uses. */
export function fillUuid(): string {
  return [8, 4, 4, 4, 12].map((length) => fill(length, 'hex')).join('-')
}
