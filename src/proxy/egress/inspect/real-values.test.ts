import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Secret } from '../../../base/index.ts'
import { createValueRedactor } from './real-values.ts'

const value = ['p@ss', 'w/rd', '"quoted"', '9876'].join('-')

const redact = (pieces: readonly string[], secrets: readonly string[] = [value]): { text: string; count: number } => {
  const redactor = createValueRedactor(secrets.map((secret) => new Secret(secret)))
  const text = pieces.map((piece) => redactor.push(piece)).join('') + redactor.end()
  return { text, count: redactor.count }
}

const disguises: Record<string, (text: string) => string> = {
  plain: (text) => text,
  json: (text) => JSON.stringify(text).slice(1, -1),
  percent: encodeURIComponent,
  hex: (text) => Buffer.from(text).toString('hex'),
  'base64 at the start': (text) => Buffer.from(text).toString('base64'),
  'base64 behind one': (text) => Buffer.from(`:${text}`).toString('base64'),
  'base64 behind two, for URLs': (text) => Buffer.from(`a:${text}>`).toString('base64url'),
}

describe('a value on its way back', () => {
  it.each(Object.entries(disguises))('is taken out, %s', (_name, disguise) => {
    const { text, count } = redact([`before ${disguise(value)} after`])
    expect(text).toContain('[redacted]')
    expect(text).not.toContain(disguise(value).slice(4, -4))
    expect(count).toBe(1)
  })

  it('is taken out however the text is cut, and the rest stays as it is', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant(value), fc.string({ unit: fc.constantFrom(...'p@s-9"\\ ') }))), fc.array(fc.nat(200)), (parts, cuts) => {
        const whole = parts.join('')
        const places = [...new Set(cuts.filter((cut) => cut < whole.length))].sort((a, b) => a - b)
        const pieces = [0, ...places].map((start, i) => whole.slice(start, places[i]))
        expect(redact(pieces).text).toBe(redact([whole]).text)
        expect(redact([whole]).text).toBe(whole.replaceAll(value, '[redacted]'))
      }),
    )
  })

  it('holds back what may become it, and no line that has ended', () => {
    const redactor = createValueRedactor([new Secret(value)])
    expect(redactor.push('data: hello\n\n')).toBe('data: hello\n\n')
    expect(redactor.push('p@ss')).toBe('')
    expect(redactor.push('age\n')).toBe('p@ssage\n')
  })

  it('too short to be a secret is left alone', () => {
    expect(redact(['abc abc'], ['abc']).text).toBe('abc abc')
  })
})
