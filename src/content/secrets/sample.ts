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
  urlpad: `${upper}${lower}${digits}-_=`,
  percent: `${upper}${lower}${digits}%`,
  alnumdash: `${lower}${digits}-`,
  hexdot: `${digits}abcdef`,
  dotted: `${upper}${lower}${digits}-_.`,
  dottedpad: `${upper}${lower}${digits}-_.=`,
  word: `${upper}${lower}${digits}_`,
} as const

export type Alphabet = keyof typeof alphabets

/** The same as the body of a character class. */
export const bodies: Readonly<Record<Alphabet, string>> = {
  digit: '0-9',
  hex: 'a-f0-9',
  upper: 'A-Z0-9',
  lower: 'a-z0-9',
  alnum: 'A-Za-z0-9',
  base32: 'A-Z2-7',
  base64: 'A-Za-z0-9+\\/=',
  url: 'A-Za-z0-9_-',
  urlpad: 'A-Za-z0-9_=-',
  percent: 'A-Za-z0-9%',
  alnumdash: 'A-Za-z0-9-',
  hexdot: 'a-f0-9.',
  dotted: 'A-Za-z0-9_.-',
  dottedpad: 'A-Za-z0-9_.=-',
  word: 'A-Za-z0-9_',
}

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

/** Keywords that are too short to be rare, made longer by what follows them in every match. */
export function followed(starts: readonly string[], by: Alphabet): string[] {
  return starts.flatMap((start) => [...alphabets[by]].map((letter) => start + letter))
}
