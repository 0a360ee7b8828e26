import { describe, expect, it } from 'vitest'
import { beginningsOf, compileRegistry } from './compile.ts'
import { findPii, piiRecognizers } from './find.ts'
import { anchorReach } from './islands.ts'

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

  it.each([...compileRegistry(piiRecognizers)])('looks as far behind a %s as the longest match goes', (anchor, all) => {
    // A match has its anchor first, or a name of 64 units before it; three units are what the edges look at.
    const before = anchor === 'at-sign' || anchor === 'bracket' ? 64 : 0
    expect(beginningsOf(all).longest - 3 - before).toBeLessThanOrEqual(anchorReach(anchor).right)
  })
})
