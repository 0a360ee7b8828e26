import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold } from './folded.ts'

describe('fold', () => {
  it('joins a line broken between words and keeps one that is not', () => {
    expect(fold('one\n two').text).toBe('one two')
    expect(fold('x |>\n y').text).toBe('x |>\ny')
  })

  it('makes composed and decomposed letters equal', () => {
    expect(fold('u\u0308ber').text).toBe(fold('über').text)
  })

  it('knows the origin of every unit, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { text: folded, origin } = fold(text)
        expect(origin).toHaveLength(folded.length + 1)
        expect(origin.every((at, i) => at <= text.length && at >= (origin[i - 1] ?? 0))).toBe(true)
      }),
    )
  })
})
