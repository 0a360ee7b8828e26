import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineDifference } from './difference.ts'

describe('the difference of two texts', () => {
  it('is empty for equal texts and marks what went and what came', () => {
    expect(lineDifference('a\nb', 'a\nb')).toEqual([])
    expect(lineDifference('a\nb\nc', 'a\nx\nc')).toEqual(['  a', '- b', '+ x', '  c'])
  })

  it('shows three unchanged lines around a change and leaves out the rest', () => {
    const lines = Array.from({ length: 20 }, (_, i) => `line ${i}`)
    const shown = lineDifference(lines.join('\n'), lines.with(10, 'other').join('\n'))
    expect(shown.filter((line) => line.startsWith('  line'))).toEqual([7, 8, 9, 11, 12, 13].map((i) => `  line ${i}`))
  })

  it('names every line of both texts that is not in the other', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })
    fc.assert(
      fc.property(text, text, (from, to) => {
        const marks = lineDifference(from.join('\n'), to.join('\n'))
        const net = marks.filter((line) => line.startsWith('+')).length - marks.filter((line) => line.startsWith('-')).length
        expect(net).toBe(to.join('\n').split('\n').length - from.join('\n').split('\n').length)
      }),
    )
  })
})
