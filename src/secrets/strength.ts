import { checkDigitsFit } from './check-digits.ts'

/** How hard a secret is to guess, as far as the text itself tells. */
export interface Strength {
  verdict: 'strong' | 'weak' | 'placeholder'
  /** An upper bound of what a guesser has to try, in bits: a text that looks random may still be in a book. */
  bits: number
  /** Why it is not strong; `null` when it is. Never quotes the text. */
  why: string | null
}

// NIST SP 800-131A: 112 bits is what keys need today. Texts are measured by their own letters, which for a short
// random one comes out up to a third too low: 32 hexadecimal digits (128 bits) measure 95 to 125.
const strongBits = 80

/** Judges a value. Pure; quotes nothing. */
export function strengthOf(value: string): Strength {
  const bits = Math.round(entropyBits(value))
  if (isPlaceholder(value)) return { verdict: 'placeholder', bits, why: 'it is an example or stands for a value' }
  if (checkDigitsFit(value) === false) return { verdict: 'placeholder', bits, why: 'its check digits are wrong: it was mistyped or cut, or is an example' }
  if (bits >= strongBits) return { verdict: 'strong', bits, why: null }
  const why = value.length < 16 ? `it has only ${value.length} characters` : 'it is repetitive or uses few characters'
  return { verdict: 'weak', bits, why }
}

/** Shannon's measure over the letters, of one round where the text repeats itself, without runs like `abcdef`. */
function entropyBits(value: string): number {
  const letters = [...withoutRuns(oneRound(value))]
  const counts = new Map<string, number>()
  for (const letter of letters) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  let perLetter = 0
  for (const count of counts.values()) perLetter -= (count / letters.length) * Math.log2(count / letters.length)
  return perLetter * letters.length
}

/** `abcabcabc` → `abc`: the shortest beginning of which the text is made by repetition. */
function oneRound(value: string): string {
  const period = (value + value).indexOf(value, 1)
  return period > 0 && period < value.length ? value.slice(0, period) : value
}

/** `abcdef`, `987654`, `aaaa`: a letter that its two neighbours before it foretell adds nothing. */
function withoutRuns(value: string): string {
  let kept = ''
  for (let i = 0; i < value.length; i++) {
    const [a, b, c] = [value.charCodeAt(i - 2), value.charCodeAt(i - 1), value.charCodeAt(i)]
    const foretold = i >= 2 && b - a === c - b && Math.abs(c - b) <= 1
    if (!foretold) kept += value[i]
  }
  return kept
}

// Words of examples and of documentation, and the shapes of blanks to fill in: among them the guides' own `sk-ant-abc123`,
// OpenClaw's `gateway.token_placeholder_value` list of meanings, and what lists of common passwords begin with.
const words = [
  'change[-_ ]?me|replace[-_ ]?(?:me|this)|your[-_ ].*|example|sample|dummy|placeholder|redacted|default|none|null|undefined',
  'password\\d*|passw0rd|secret\\d*|letmein|admin\\d*|root|test(?:ing)?\\d*|token\\d*|hunter2|qwerty\\w*|welcome\\d*',
  'openclaw|abc\\d+',
].join('|')
const placeholderWords = new RegExp(`(?:^|[^a-z])(?:${words})(?:$|[^a-z])`, 'i')
const blank = /^(?:<.*>|\[.*\]|\{.*\}|\$\{?\w+\}?|x{3,}|\*{3,}|\.{3,}|0+|-+)$|^(?:[a-z]{2,4}-)*(?:x{4,}|\*{4,}|\.{3,})/i

function isPlaceholder(value: string): boolean {
  const text = value.trim()
  if (blank.test(text)) return true
  // A long random text may hold `test` by chance between two dashes; a placeholder is mostly its word.
  return text.length < 32 && placeholderWords.test(text)
}
