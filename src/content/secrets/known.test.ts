import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asciiOf } from '../units.ts'
import { findSecrets, pendingSecretLength, redactSecrets } from './find.ts'
import { formsOf } from './forms.ts'
import { createKnownValues } from './known.ts'
import { secretsPossible } from './possible.ts'
import { fill } from './sample.ts'
import { createStreamRedactor } from './stream.ts'

const digest = (text: string): string => createHmac('sha256', 'key of this test').update(text).digest('base64')

// Nothing about these but that we know them: no prefix, no name beside them.
const plain = ['meadow', 'Lantern', 'orbit'].join('-')
const opaque = fill(32, 'url')
const odd = `pä$$ wörd/${fill(9)}"\\`
const known = createKnownValues([plain, opaque, ` ${odd}\n`], digest)

describe('createKnownValues', () => {
  it('finds each value as it is, without white space around it', () => {
    for (const value of [plain, opaque, odd]) {
      const start = 'see '.length
      expect(findSecrets(`see ${value} there`, known)).toEqual([
        { type: 'known-value', start, end: start + value.length },
      ])
    }
  })

  it('finds nothing without the values', () => {
    expect(findSecrets(`see ${plain} and ${opaque}`)).toEqual([])
  })

  it('writes [REDACTED_SECRET], in the middle of a word too', () => {
    expect(redactSecrets(`x${opaque}y`, known)).toBe('x[REDACTED_SECRET]y')
  })

  it.each([
    ['base64', (value: string) => Buffer.from(value).toString('base64').replace(/=+$/, '').slice(0, -1)],
    ['base64url', (value: string) => Buffer.from(value).toString('base64url').slice(0, -1)],
    ['hexadecimal', (value: string) => Buffer.from(value).toString('hex')],
    ['hexadecimal in capitals', (value: string) => Buffer.from(value).toString('hex').toUpperCase()],
    ['percent encoding', encodeURIComponent],
    ['a JSON text', (value: string) => JSON.stringify(value).slice(1, -1)],
  ])('finds the value in %s', (_, encoded) => {
    for (const value of [plain, opaque, odd]) {
      expect(redactSecrets(`a ${encoded(value)} b`, known)).not.toContain(encoded(value))
    }
  })

  it('finds the value inside a longer base64 text, whatever stands before it', () => {
    for (const user of ['u', 'us', 'use', 'user']) {
      const header = Buffer.from(`${user}:${opaque}:more`).toString('base64')
      const [found] = findSecrets(header, known)
      // All but the letters that also depend on the neighbours.
      expect(found!.end - found!.start).toBeGreaterThanOrEqual(Math.floor((opaque.length * 4) / 3) - 1)
    }
  })

  it('lets a vendor name what it knows by its shape', () => {
    const token = `ghp_${fill(36)}`
    expect(findSecrets(token, createKnownValues([token], digest))).toMatchObject([{ type: 'github-token' }])
  })

  it('finds a value although the word beside it would name it otherwise', () => {
    expect(findSecrets(`token=${opaque}`, known)).toMatchObject([{ type: 'known-value', start: 6 }])
  })

  it('refuses values that ordinary text would hold by chance, and does not say them', () => {
    expect(() => createKnownValues([opaque, 'short-value'], digest)).toThrow(/^value 1 has 11 characters/)
    expect(() => createKnownValues(['x'.repeat(8193)], digest)).toThrow(RangeError)
  })

  it('asks for a digest only where a fingerprint fits', () => {
    let asked = 0
    const counting = createKnownValues([opaque], (text) => (asked++, digest(text)))
    asked = 0
    expect(findSecrets(`${opaque.slice(0, 20)}${fill(100_000, 'url')}${opaque}`, counting)).toHaveLength(1)
    expect(asked).toBeLessThanOrEqual(2)
  })

  it('asks for few where many values end alike', () => {
    let asked = 0
    const counting = (text: string): string => (asked++, digest(text))
    const tail = '-----of the same kind'
    const alike = createKnownValues(Array.from({ length: 100 }, (_, n) => `${fill(20 + n)}${tail}`), counting)
    asked = 0
    expect(findSecrets(`some words ${tail} `.repeat(200), alike)).toEqual([])
    expect(asked).toBe(0)
    expect(findSecrets(`so ${fill(57)}${tail} `, alike)).toMatchObject([{ type: 'known-value', start: 3 }])
  })

  it('leaves no form of a value in the memory that texts share', () => {
    const value = fill(40, 'url')
    createKnownValues([value], digest)
    const left = Buffer.from(asciiOf('')!).toString('latin1')
    const parts = [...formsOf(value)].flatMap((form) => Array.from({ length: form.length - 11 }, (_, at) => form.slice(at, at + 12)))
    expect(parts.filter((part) => left.includes(part))).toEqual([])
  })

  it('is not fooled by a value that differs in one letter', () => {
    const other = (opaque[0] === 'a' ? 'b' : 'a') + opaque.slice(1)
    expect(findSecrets(other, known)).toEqual([])
  })
})

describe('a stream with known values', () => {
  it('never shows a part of a value, wherever it is cut', () => {
    const text = `first ${plain}, then ${Buffer.from(`a:${opaque}`).toString('base64')} and ${odd}`
    const whole = redactSecrets(text, known)
    expect(whole.match(/\[REDACTED_SECRET\]/g)).toHaveLength(3)
    for (let cut = 1; cut < text.length; cut++) {
      const redactor = createStreamRedactor(known)
      const shown = [redactor.push(text.slice(0, cut)), redactor.push(text.slice(cut)), redactor.end()]
      expect(shown.map((piece) => piece.text).join(''), `cut at ${cut}`).toBe(whole)
    }
  })

  it('gives the same text as the whole, for any cuts', () => {
    const piece = fc.constantFrom(plain, opaque, odd, opaque.slice(0, 13), 'password: ')
    const parts = fc.array(fc.oneof(piece, fc.string()))
    fc.assert(
      fc.property(parts, fc.integer({ min: 1, max: 9 }), (texts, size) => {
        const text = texts.join('')
        const redactor = createStreamRedactor(known)
        let shown = ''
        for (let at = 0; at < text.length; at += size) shown += redactor.push(text.slice(at, at + size)).text
        expect(shown + redactor.end().text).toBe(redactSecrets(text, known))
      }),
    )
  })

  it('holds back the beginning of a value, and lets it go once it goes on otherwise', () => {
    expect(pendingSecretLength(`see ${opaque.slice(0, 15)}`, known)).toBe(15)
    expect(pendingSecretLength(`see ${opaque.slice(0, 15)}~~${'~'.repeat(40)} `, known)).toBe(0)
  })
})

describe('secretsPossible with known values', () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

  it('sees a value and the beginning of one at the end', () => {
    expect(secretsPossible(bytes(`see ${odd} there. `), 0, undefined, known)).toBe(true)
    expect(secretsPossible(bytes(`see ${opaque.slice(0, 5)}`), 0, undefined, known)).toBe(true)
    expect(secretsPossible(bytes('nothing of that kind. '), 0, undefined, known)).toBe(false)
  })
})
