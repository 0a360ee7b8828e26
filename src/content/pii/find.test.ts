import { describe, expect, it } from 'vitest'
import { findPii, piiRecognizers, redactPii } from './find.ts'

const unmarked = (example: string): string => example.replace(/[«»]/g, '')
const rows = piiRecognizers.flatMap((one) => one.examples.found.map((example) => ({ type: one.type, example })))
const misses = piiRecognizers.flatMap((one) => one.examples.passed.map((example) => ({ type: one.type, example })))

describe('findPii', () => {
  it.each(rows)('finds the exact $type in $example', ({ type, example }) => {
    const start = example.indexOf('«')
    const end = example.indexOf('»') - 1
    const found = findPii(unmarked(example), { types: [type] })
    expect(found).toEqual([expect.objectContaining({ type, start, end })])
  })

  it.each(misses)('finds no $type in $example', ({ type, example }) => {
    expect(findPii(example, { types: [type] })).toEqual([])
  })
})
