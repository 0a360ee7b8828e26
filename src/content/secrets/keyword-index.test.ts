import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compilePattern } from './compile.ts'
import { createKeywordIndex, type Hit } from './keyword-index.ts'
import type { SecretPattern } from './pattern.ts'

const pattern = (keywords: string[], ignoreCase?: true): SecretPattern => ({
  id: keywords.join('.'),
  type: keywords[0]!,
  title: 'pattern of the test',
  source: 'this test',
  keywords,
  ...(ignoreCase ? { ignoreCase } : {}),
  shape: /ab[0-9]{4}/,
  examples: { found: [], passed: [] },
})

const patterns = [pattern(['ab', 'a-b']), pattern(['abba']), pattern(['bab', 'token_'], true), pattern(['--BEG', ':A'])]
const compiled = patterns.map(compilePattern)
const index = createKeywordIndex(compiled)

/** What the index promises, said plainly. */
function expected(text: string): { at: number; types: string[] }[] {
  return Array.from({ length: text.length }, (_, at) => {
    const stands = ({ keywords, ignoreCase }: (typeof compiled)[number]): boolean =>
      keywords.some((word) => {
        const here = text.slice(at, at + word.length)
        return (ignoreCase ? here.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()) : here) === word
      })
    // Of a keyword of two, a third unit has to follow: no shape ends with it.
    const here = compiled.filter(stands)
    return { at, types: here.map(({ type }) => type) }
  }).filter(({ types }) => types.length > 0)
}

function all(next: (from: number) => Hit | null): { at: number; types: string[] }[] {
  const hits: { at: number; types: string[] }[] = []
  for (let hit = next(0); hit; hit = next(hit.at + 1)) {
    hits.push({ at: hit.at, types: hit.patterns.map(({ type }) => type).sort() })
  }
  return hits
}

const text = fc
  .array(fc.constantFrom('a', 'b', 'B', 'A', '-', ':', 'token_', 'TOKEN', '_', '--BEG', 'ä', '你', '😀', 'ſ'))
  .map((parts) => `${parts.join('')}.`)

describe('createKeywordIndex', () => {
  it('finds every keyword wherever it stands, and nothing else', () => {
    fc.assert(
      fc.property(text, (whole) => {
        const wanted = expected(whole).map(({ at, types }) => ({ at, types: types.sort() }))
        expect(all((from) => index.nextIn(whole, from))).toEqual(wanted)
      }),
    )
  })

  it('finds as many in bytes as in text', () => {
    fc.assert(
      fc.property(text, (whole) => {
        const bytes = new TextEncoder().encode(whole)
        const found = all((from) => index.nextInBytes(bytes, from, bytes.length)).map(({ types }) => types)
        expect(found).toEqual(all((from) => index.nextIn(whole, from)).map(({ types }) => types))
      }),
    )
  })

  it('does not look behind the end of the bytes', () => {
    const bytes = new TextEncoder().encode('x token_ y')
    expect(index.nextInBytes(bytes, 0, 7)).toBeNull()
    expect(index.nextInBytes(bytes, 0, 8)?.at).toBe(2)
  })

  it('names the places where the end cuts a keyword off', () => {
    expect(index.begunAt('one tok', 0).map(({ at }) => at)).toEqual([4])
    expect(index.begunAt('one TOKEN', 0).map(({ at }) => at)).toEqual([4])
    expect(index.begunAt('-a', 0).map(({ at }) => at)).toEqual([1])
    expect(index.begunAt('nothing.', 0)).toEqual([])
  })
})

describe('createKeywordIndex in long texts', () => {
  const filler = fc.constantFrom('x', 'xy', 'The harbour was quiet. ', 'ä', '你'.repeat(9), ' '.repeat(1_020), '.'.repeat(8_190), 'a'.repeat(7))

  it('finds keywords wherever a text is divided to be looked through', () => {
    const parts = fc.array(fc.oneof(filler, fc.constantFrom('ab', 'a-b', 'abba', 'TOKEN_', '--BEG', ':A')), { maxLength: 12 })
    fc.assert(
      fc.property(parts, (some) => {
        const whole = `${some.join('')}.`
        const wanted = expected(whole).map(({ at, types }) => ({ at, types: types.sort() }))
        expect(all((from) => index.nextIn(whole, from))).toEqual(wanted)
      }),
      { numRuns: 40 },
    )
  })

  it('is not confused by another text in between', () => {
    const [one, other] = [`${'x'.repeat(40)}abba`, `${'y'.repeat(42)}ab.`]
    expect(index.nextIn(one, 0)?.at).toBe(40)
    expect(index.nextIn(other, 0)?.at).toBe(42)
    expect(index.nextIn(one, 41)).toBeNull()
  })
})
