import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readShape } from './grammar.ts'

const begins = (source: string, text: string): boolean => new RegExp(readShape(source).beginning, 'y').test(text)

describe('readShape', () => {
  it('knows how long a match can get', () => {
    expect(readShape('ab[0-9]{2,5}(?:x|yz){0,3}(?!q)').longest).toBe(2 + 5 + 6)
    expect(readShape('(?<=foo)a\\/?').longest).toBe(2)
  })

  it('knows how much at least stands before what is secret', () => {
    expect(readShape('(?:key|token)[ ]{0,3}=(?<secret>[a-z]{4})').before).toBe(4)
    expect(readShape('(?:a|bc(?<secret>d))').before).toBe(0)
    expect(readShape('abc[0-9]{4}').before).toBe(0)
  })

  it.each(['a*', 'a+', 'a{2,}', 'a.b', '\\bfoo', '(?=a)b', '(a)\\1', 'a(?:b', 'a)b', '(?<name>a)'])(
    'refuses %s',
    (source) => {
      expect(() => readShape(source)).toThrow(SyntaxError)
    },
  )

  it('recognises every beginning of a match', () => {
    const source = 'gh[po]_(?:[a-f]{4}|x-[0-9]{1,3}y)'
    for (const whole of ['ghp_abcd', 'gho_x-12y']) {
      for (let length = 1; length <= whole.length; length++) expect(begins(source, whole.slice(0, length))).toBe(true)
    }
  })

  it('does not take for a beginning what cannot become a match', () => {
    expect(begins('ghp_[a-f]{4}', 'ghx')).toBe(false)
    expect(begins('ghp_[a-f]{4}', 'ghp_abcd and more')).toBe(false)
  })

  it('waits while the end of the text leaves a look-ahead undecided', () => {
    expect(begins('a(?!bcd)', 'ab')).toBe(true)
    expect(begins('a(?!bcd)', 'abx.')).toBe(false)
  })

  it('never calls a text settled whose match more text would change', () => {
    const source = 'k-(?:[ab]{2,4}c?|d[^d]{1,3}d)(?!e)'
    const letters = fc.string({ unit: fc.constantFrom('k', '-', 'a', 'b', 'c', 'd', 'e'), maxLength: 8 })
    const match = (text: string): string | undefined => new RegExp(source, 'y').exec(text)?.[0]
    fc.assert(
      fc.property(letters, letters, (tail, more) => {
        const text = `k-${tail}`
        if (!begins(source, text)) expect(match(text + more)).toBe(match(text))
      }),
    )
  })
})
