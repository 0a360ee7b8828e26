import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findSecrets, redactSecrets, secretPatterns } from './find.ts'
import { marks } from './pattern.ts'
import { fill } from './sample.ts'
import { createStreamRedactor } from './stream.ts'

const examples = secretPatterns.flatMap(({ examples: { found } }) =>
  found.map((example) => example.replace(marks.open, '').replace(marks.close, '')))
const keywords = secretPatterns.flatMap((pattern) => pattern.keywords)

/** Texts with whole secrets, halves of secrets, keywords and noise, with or without anything between them. */
const planted = fc
  .array(
    fc.oneof(
      fc.constantFrom(...examples),
      fc.tuple(fc.constantFrom(...examples), fc.nat({ max: 60 })).map(([text, length]) => text.slice(0, length)),
      fc.constantFrom(...keywords),
      fc.string({ maxLength: 12 }),
      fc.constantFrom(' ', '\n', '"', '=', '-----', '😀'),
    ),
    { maxLength: 10 },
  )
  .map((parts) => parts.join(''))

function cutAt(text: string, cuts: number[]): string[] {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b)
  return [0, ...places].map((from, i) => text.slice(from, places[i] ?? text.length))
}

describe('createStreamRedactor', () => {
  it('gives the same text and findings as the whole, for any text and any cuts', () => {
    fc.assert(
      fc.property(planted, fc.array(fc.nat({ max: 4000 }), { maxLength: 12 }), (text, cuts) => {
        const redactor = createStreamRedactor()
        const pieces = [...cutAt(text, cuts).map((chunk) => redactor.push(chunk)), redactor.end()]
        expect(pieces.map((piece) => piece.text).join('')).toBe(redactSecrets(text))
        expect(pieces.flatMap((piece) => piece.findings)).toEqual(findSecrets(text))
      }),
      { numRuns: 400 },
    )
  })

  it('gives the same text when it arrives one unit at a time', () => {
    fc.assert(
      fc.property(planted, (text) => {
        const redactor = createStreamRedactor()
        const shown = Array.from({ length: text.length }, (_, i) => redactor.push(text[i]!).text)
        expect(shown.join('') + redactor.end().text).toBe(redactSecrets(text))
      }),
      { numRuns: 60 },
    )
  })

  it('shows at once what cannot become a secret', () => {
    expect(createStreamRedactor().push('Hello there, ').text).toBe('Hello there, ')
  })

  it('replaces a long token as soon as it is certain and drops the rest of it', () => {
    const redactor = createStreamRedactor()
    const first = redactor.push(`t ${['eyJhbGciOiJIUzI1NiIs', 'InR5cCI6IkpXVCJ9'].join('')}.eyJ${fill(600, 'url')}`)
    const second = redactor.push(`${fill(5000, 'url')}.${fill(300, 'url')}`)
    const third = redactor.push(' end. ')
    expect([first.text, second.text, third.text]).toEqual(['t [REDACTED_JWT]', '', ' end. '])
    expect(third.findings).toHaveLength(1)
  })

  it('holds a private key until its end line, over many chunks', () => {
    const redactor = createStreamRedactor()
    const key = ['-----BEGIN', 'PRIVATE KEY-----\n'].join(' ')
    const chunks = [`k: ${key}`, ...Array.from({ length: 20 }, () => `${fill(64, 'base64')}\n`)]
    expect(chunks.map((chunk) => redactor.push(chunk).text).join('')).toBe('k: ')
    const end = redactor.push(`${key.replace('BEGIN', 'END')}. `)
    expect(end.text).toBe('[REDACTED_PRIVATE_KEY]\n. ')
  })
})
