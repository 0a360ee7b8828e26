import { describe, expect, it } from 'vitest'
import { placesOfStrings } from './string-places.ts'

const text = ' {"a": [1, {"b": "x\\"]}y", "\\u0063": "z"}, [], "q" ], "n": {"d": null}, "e":{} , "last":"w"} '
const at = (path: (string | number)[]): string | null => {
  const [place] = placesOfStrings(text, [path])
  return place ? text.slice(...place) : null
}

describe('placesOfStrings', () => {
  it.each([
    [['a', 1, 'b'], '"x\\"]}y"'],
    [['a', 1, 'c'], '"z"'],
    [['a', 3], '"q"'],
    [['last'], '"w"'],
  ])('finds the literal at %j', (path, literal) => {
    expect(at(path)).toBe(literal)
  })

  it.each([[['a']], [['a', 0]], [['a', 9]], [['n', 'd']], [['n', 'd', 'x']], [['nobody']], [[]]])('finds no string at %j', (path) => {
    expect(at(path)).toBeNull()
  })

  it('finds the value that counts when a key stands there twice', () => {
    expect(placesOfStrings('{"a":"1","a":"2"}', [['a']])).toEqual([[13, 16]])
  })

  it('agrees with the parser on every string of nested texts', () => {
    const value = { m: [{ t: 'a"\\b', p: [{ t: '{[' }, { t: '' }] }, { t: '\u2028,' }], z: [[['deep']]] }
    for (const json of [JSON.stringify(value), JSON.stringify(value, null, 3)]) {
      const paths = [['m', 0, 't'], ['m', 0, 'p', 0, 't'], ['m', 0, 'p', 1, 't'], ['m', 1, 't'], ['z', 0, 0, 0]]
      const found = placesOfStrings(json, paths).map((place) => JSON.parse(json.slice(...place!)) as string)
      expect(found).toEqual(['a"\\b', '{[', '', '\u2028,', 'deep'])
    }
  })
})
