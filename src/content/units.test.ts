import fc from 'fast-check'
import { expect, it } from 'vitest'
import { asciiOf, unitsOf } from './units.ts'

it('units are those of the text, whatever it is made of and however long', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.constantFrom('é', '\ud800', 'a'.repeat(20_000), 'b'.repeat(300_000), `${'c'.repeat(300_000)}é`))
  fc.assert(
    fc.property(text, (one) => {
      const units = unitsOf(one)
      for (let at = 0; at < one.length; at++) if (units[at] !== one.charCodeAt(at)) throw new Error(`unit ${at}`)
    }),
  )
})

it('bytes are for ASCII alone', () => {
  expect(Array.from(asciiOf('a\u007f\0b')!.subarray(0, 4))).toEqual([97, 127, 0, 98])
  for (const text of ['é', '\u0080', '\ud800', 'x'.repeat(100_000) + 'é']) expect(asciiOf(text)).toBeNull()
  expect(asciiOf('')).not.toBeNull()
})
