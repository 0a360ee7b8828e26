import { describe, expect, it } from 'vitest'
import { readShape } from '../secrets/grammar.ts'
import { compileRegistry } from './compile.ts'
import { findPii, piiRecognizers } from './find.ts'

const shapes = [...compileRegistry(piiRecognizers).values()].flat()

describe('the cost of looking for personal data', () => {
  const sources = shapes.map(({ recognizer, shape }) => [recognizer.title, shape.source])
  it.each(sources)('%s: every match has an end', (_, source) => {
    // The grammar refuses whatever has none: `*`, `+`, `{n,}`.
    expect(readShape(source).longest).toBeLessThanOrEqual(512)
  })

  // Pieces that begin a match again and again, or can be divided into groups in many ways: none may be searched for the
  // square of its length, and no match may be longer than the shapes say.
  const pieces = ['1 ', '1', '(0', '0)', '+1 ', '1.1.1.1.', '::1:', 'a@', 'a.b@c.', 'AB12 ', 'a1:', '(at) ', '4111 1111 ']
  it.each(pieces)('ends on %j a hundred thousand units long', (piece) => {
    const found = findPii(piece.repeat(100_000 / piece.length), { least: 'possible' })
    expect(Math.max(0, ...found.map(({ start, end }) => end - start))).toBeLessThanOrEqual(512)
  })
})
