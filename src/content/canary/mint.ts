import type { Random } from '../../base/index.ts'

/**
 * A canary: three made-up words, such as `tavomike-ridasone-belogipa`, 72 random bits. To be put where nobody has
 * business reading: a file, a memory, a prompt, a host name (it is a valid DNS label). It has no digits and reads like
 * a name, so that no redactor, OpenClaw's own included, takes it for a key and hides the alarm with it.
 */
export function mintCanary(random: Random): string {
  const bytes = Array.from(random.bytes(12))
  const syllables = bytes.map((byte) => consonants[byte & 15]! + vowels[(byte >> 4) & 3]!)
  return [0, 4, 8].map((at) => syllables.slice(at, at + 4).join('')).join('-')
}

// Sixteen and four, so that every syllable is six bits of the generator and none is likelier than another.
const consonants = 'bdfgklmnprstvzjh'
const vowels = 'aeio'
