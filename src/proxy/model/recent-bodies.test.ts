import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fakeContent, sampleSecret } from './fakes.test.kit.ts'
import { KnownClean } from './known-clean.ts'
import { RecentBodies } from './recent-bodies.ts'

describe('the last clean requests', () => {
  it('say which parts are known, as far as both bodies are the same', () => {
    const recent = new RecentBodies()
    const body = Buffer.from('x'.repeat(5_000))
    recent.keep(body, [{ end: 100, pending: 7 }, { end: 4_000, pending: 0 }], null)
    const alike = recent.like(Buffer.from('x'.repeat(3_000) + 'y'.repeat(3_000)))
    expect(alike?.parts).toEqual([{ end: 100, pending: 7 }])
    expect(recent.like(Buffer.from('other words'))).toBeNull()
  })

  it('do not vouch for a part whose end the last equal bytes may still move', () => {
    const recent = new RecentBodies()
    recent.keep(Buffer.from(`${'x'.repeat(100)}"role" and so on`), [{ end: 100, pending: 0 }], null)
    expect(recent.like(Buffer.from(`${'x'.repeat(100)}"rol`))?.parts).toEqual([])
  })

  it('are copies: what becomes of a body later makes no difference', () => {
    const recent = new RecentBodies()
    const body = Buffer.from('x'.repeat(5_000))
    recent.keep(body, [{ end: 4_000, pending: 0 }], null)
    body.fill('z')
    expect(recent.like(Buffer.from('x'.repeat(5_000)))?.parts).toHaveLength(1)
  })

  it('of two that go on from the same one, only the first writes into its copy', () => {
    const recent = new RecentBodies()
    const [begin, one, other] = ['x'.repeat(9_000), 'a'.repeat(2_000), 'b'.repeat(2_000)]
    const parts = [{ end: 10_000, pending: 0 }]
    const keep = (text: string, alike = recent.like(Buffer.from(text))): void => recent.keep(Buffer.from(text), text.includes('a') ? parts : [], alike)
    keep(begin)
    const before = recent.like(Buffer.from(begin + other))
    keep(begin + one)
    keep(begin + other, before)
    keep(begin + other + 'c'.repeat(5_000))
    expect(recent.like(Buffer.from(begin + one + 'd'.repeat(30_000)))?.parts).toEqual(parts)
  })

  it('are a few, and small ones', () => {
    const recent = new RecentBodies()
    for (let n = 0; n < 20; n++) recent.keep(Buffer.from(`${n} `.repeat(2_000)), [{ end: 50, pending: n }], null)
    expect(recent.like(Buffer.from('0 '.repeat(2_000)))).toBeNull()
    expect(recent.like(Buffer.from('19 '.repeat(2_000)))?.parts).toEqual([{ end: 50, pending: 19 }])
    recent.keep(Buffer.alloc(3 * 1024 * 1024, 65), [{ end: 50, pending: 1 }], null)
    expect(recent.like(Buffer.alloc(1_000, 65))).toBeNull()
  })

  it('make no difference to what is found, whichever conversations take turns', () => {
    const turn = fc.constantFrom('a question', 'words '.repeat(600), sampleSecret, `${sampleSecret.slice(0, 9)}`, 'é'.repeat(900), '\\n'.repeat(400))
    const conversations = fc.array(fc.array(turn, { minLength: 1, maxLength: 9 }), { minLength: 2, maxLength: 6 })
    fc.assert(
      fc.property(conversations, (all) => {
        const known = new KnownClean(fakeContent)
        for (const texts of all) {
          const body = Buffer.from(JSON.stringify({ messages: texts.map((content) => ({ role: 'user', content })) }))
          expect(known.covers(body)).toBe(new KnownClean(fakeContent).covers(body))
        }
      }),
      { numRuns: 150 },
    )
  })
})
