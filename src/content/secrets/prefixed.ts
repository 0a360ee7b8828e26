import type { SecretPattern } from './pattern.ts'
import { sample, type Alphabet } from './sample.ts'

/**
 * The commonest kind of pattern: a fixed beginning, then letters of one alphabet. It takes all the letters there are,
 * because vendors lengthen their tokens without notice and half a token shown is half a token lost.
 */
export function prefixed(
  about: Pick<SecretPattern, 'id' | 'type' | 'title' | 'source' | 'label' | 'anywhere' | 'accept'>,
  starts: readonly [string, ...string[]],
  letters: { of: Alphabet; least: number },
): SecretPattern {
  const body = bodies[letters.of]
  const start = starts.map((one) => one.replace(/[.$+/-]/g, '\\$&')).join('|')
  return {
    ...about,
    keywords: starts,
    // Beyond 256 the tail takes over: the shape stays short enough to be held back in a stream.
    shape: new RegExp(`(?:${start})[${body}]{${letters.least},256}`),
    tail: body,
    examples: {
      found: starts.map((one) => `key = ${sample(one, letters.least, letters.of)} # ${about.type}`),
      passed: [`${starts[0]}…`, starts[0], sample(starts[0], letters.least - 1, letters.of).slice(1, -1)],
    },
  }
}

const bodies: Record<Alphabet, string> = {
  digit: '0-9',
  hex: 'a-f0-9',
  upper: 'A-Z0-9',
  lower: 'a-z0-9',
  alnum: 'A-Za-z0-9',
  base32: 'A-Z2-7',
  base64: 'A-Za-z0-9+\\/=',
  url: 'A-Za-z0-9_-',
}
