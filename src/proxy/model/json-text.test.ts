import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { topLevel } from './json-text.ts'

describe('the top level of a JSON text', () => {
  it('names the key that occurs twice, however it is spelled', () => {
    expect(topLevel('{"model":"a","x":{"model":1},"\\u006dodel":"b"}').duplicate).toBe('model')
  })

  it('does not take keys of inner objects or strings for its own', () => {
    expect(topLevel('{"a":{"b":1,"b2":[{"a":2}]},"c":"\\"a\\":1,{","b":2}').duplicate).toBeNull()
  })

  it('gives every value of any object as it stands in the text', () => {
    const keys = fc.string().filter((key) => key !== '__proto__') // JSON.parse and a literal differ on this one
    fc.assert(
      fc.property(fc.dictionary(keys, fc.jsonValue()), fc.constantFrom(undefined, 2), (object, indent) => {
        const text = JSON.stringify(object, null, indent)
        const { values, duplicate } = topLevel(text)
        const read = [...values].map(([key, [start, end]]) => [key, JSON.parse(text.slice(start, end)) as unknown])
        expect(Object.fromEntries(read)).toEqual(JSON.parse(text))
        expect(duplicate).toBeNull()
      }),
    )
  })
})
