import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countMembers, topLevel } from './json-text.ts'

describe('the number of members', () => {
  const keys = fc.string().filter((key) => key !== '__proto__')

  it('is that of the parsed object unless a key occurs twice', () => {
    fc.assert(
      fc.property(fc.dictionary(keys, fc.jsonValue()), fc.constantFrom(undefined, 2), (object, indent) => {
        expect(countMembers(JSON.stringify(object, null, indent))).toBe(Object.keys(object).length)
      }),
    )
  })

  it.each([
    ['{"a":1,"a":2}', 2],
    ['{"a":1,"\\u0061":2}', 2],
    ['{"__proto__":1,"__proto__":2,"x":3}', 3],
    ['{"a":{"b":1,"b":2},"c":"\\":{"}', 2],
  ])('of %s is %i, whatever a parser keeps', (text, count) => {
    expect(countMembers(text)).toBe(count)
  })
})

describe('the top level of a JSON text', () => {
  it('gives every value of any object as it stands in the text', () => {
    const keys = fc.string().filter((key) => key !== '__proto__') // JSON.parse and a literal differ on this one
    fc.assert(
      fc.property(fc.dictionary(keys, fc.jsonValue()), fc.constantFrom(undefined, 2), (object, indent) => {
        const text = JSON.stringify(object, null, indent)
        const read = [...topLevel(text)].map(([key, [start, end]]) => [key, JSON.parse(text.slice(start, end)) as unknown])
        expect(Object.fromEntries(read)).toEqual(JSON.parse(text))
      }),
    )
  })
})
