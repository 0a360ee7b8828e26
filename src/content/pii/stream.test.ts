import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPiiRedactor, findPii, pendingPiiLength, piiRecognizers, redactPii, type PiiOptions } from './find.ts'

const examples = piiRecognizers.flatMap((one) => one.examples.found.map((example) => example.replace(/[«»]/g, '')))
const words = piiRecognizers.flatMap(({ beside }) => beside?.words ?? [])

/** Texts with whole values, halves of them, words that stand beside them and noise, glued together or not. */
const planted = fc
  .array(
    fc.oneof(
      fc.constantFrom(...examples),
      fc.tuple(fc.constantFrom(...examples), fc.nat({ max: 30 })).map(([text, length]) => text.slice(0, length)),
      fc.constantFrom(...words),
      fc.string({ maxLength: 12 }),
      fc.stringMatching(/^[0-9 .:/()+-]{0,20}$/),
      fc.constantFrom(' ', '\n', ', ', ': ', '@', '😀', '-', '.', '0'),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))

function streamed(chunks: string[], options: PiiOptions): { text: string; findings: unknown[] } {
  const redactor = createPiiRedactor(options)
  const pieces = [...chunks.map((chunk) => redactor.push(chunk)), redactor.end()]
  return { text: pieces.map(({ text }) => text).join(''), findings: pieces.flatMap(({ findings }) => findings) }
}

function cutAt(text: string, cuts: number[]): string[] {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b)
  return [0, ...places].map((from, i) => text.slice(from, places[i] ?? text.length))
}

describe('createPiiRedactor', () => {
  it.each(['likely', 'possible'] as const)('gives text and %s findings of the whole, however it is cut', (least) => {
    fc.assert(
      fc.property(planted, fc.array(fc.nat({ max: 4000 }), { maxLength: 12 }), (text, cuts) => {
        const whole = { text: redactPii(text, { least }), findings: findPii(text, { least }) }
        expect(streamed(cutAt(text, cuts), { least })).toEqual(whole)
      }),
      { numRuns: 400 },
    )
  })

  it('gives the same text when it arrives one unit at a time', () => {
    fc.assert(
      fc.property(planted, (text) => {
        expect(streamed([...text], {}).text).toBe(redactPii(text))
      }),
      { numRuns: 100 },
    )
  })

  it.each(examples)('shows nothing of it early, cut at every place: %s', (example) => {
    const whole = redactPii(`${example}, and`)
    for (let at = 1; at < example.length; at++) {
      expect(streamed([example.slice(0, at), `${example.slice(at)}, and`], {}).text).toBe(whole)
    }
  })

  it('forgets what is decided, in an endless text too', () => {
    const redactor = createPiiRedactor()
    const shown = Array.from({ length: 2000 }, (_, i) => redactor.push(`line ${i} of jane@example.com\n`).text).join('')
    expect(shown + redactor.end().text).not.toContain('jane')
  })
})

describe('pendingPiiLength', () => {
  it('lets prose through but for its last word', () => {
    expect(pendingPiiLength('We will meet in the garden, then')).toBe('then'.length)
    expect(pendingPiiLength('We will meet in the garden, ')).toBeLessThanOrEqual('garden, '.length)
  })

  it('holds a number that is not complete', () => {
    expect(pendingPiiLength('card 4111 1111 11')).toBeGreaterThanOrEqual('4111 1111 11'.length)
  })

  const hostile = ['1', '1 ', 'a@', 'a.b@c.', '(0', '1:', 'AB12 ', '+1', '(at) ', 'é1']
  it.each(hostile)('never holds more than 512 units of %j repeated', (piece) => {
    expect(pendingPiiLength(piece.repeat(5000))).toBeLessThanOrEqual(512)
  })
})
