import type { SecretPattern } from './pattern.ts'
import { looksTyped } from './random-looking.ts'
import { bodies, sample, type Alphabet } from './sample.ts'

type About = Pick<SecretPattern, 'id' | 'type' | 'title' | 'source' | 'label' | 'anywhere' | 'accept'>

/**
 * The commonest kind of pattern: a fixed beginning, then letters of one alphabet. It takes all the letters there are,
 * because vendors lengthen their tokens without notice and half a token shown is half a token lost. What is typed in
 * place of a token (`hf_xxxxxxxx`) is none, unless `accept` says otherwise.
 */
export function prefixed(
  about: About,
  starts: readonly [string, ...string[]],
  letters: { of: Alphabet; least: number },
): SecretPattern {
  const body = bodies[letters.of]
  const start = starts.map((one) => one.replace(/[.$+/-]/g, '\\$&')).join('|')
  const begin = new RegExp(`^(?:${start})`)
  return {
    accept: (secret) => !looksTyped(secret.replace(begin, '')),
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

/** `[id, title, source, beginnings, alphabet, how many letters at least]`; the type is the id with a dash. */
type PrefixedRow = readonly [
  id: string, title: string, source: string, starts: readonly [string, ...string[]], of: Alphabet, least: number,
]

/** Vendors about whose tokens there is nothing more to say. */
export function prefixedRows(rows: readonly PrefixedRow[]): SecretPattern[] {
  return rows.map(([id, title, source, starts, of, least]) =>
    prefixed({ id, type: id.replace('.', '-'), title, source }, starts, { of, least }))
}
