import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { registrable, shownName } from './name.ts'
import { handClock } from './stage.fixture.ts'
import { createTunnelWatch, windowMs } from './tunnelling.ts'

const hex = (i: number, length: number): string => createHash('sha256').update(String(i)).digest('hex').slice(0, length)
const base32 = (i: number, length: number): string => createHash('sha512').update(String(i)).digest('base64').toLowerCase().replaceAll(/[^a-z2-7]/g, '').slice(0, length)
/** How many questions it takes until it is noticed; `null`: it is not. */
function noticedAfter(names: readonly string[], type = 'A', under: string | null = null): { after: number; shape: string } | null {
  const watch = createTunnelWatch(handClock())
  for (const [i, name] of names.entries()) {
    const sign = watch.observe({ name, type }, under)
    if (sign) return { after: i + 1, shape: sign.shape }
  }
  return null
}
const many = (count: number, name: (i: number) => string): string[] => Array.from({ length: count }, (_, i) => name(i))

describe('questions that carry data', () => {
  it('are noticed by a long label or a long name at the first question', () => {
    expect(noticedAfter([`${base32(1, 60)}.t.example`])).toEqual({ after: 1, shape: 'a label of 50 characters and more' })
    expect(noticedAfter([`${hex(1, 40)}.${hex(2, 40)}.${hex(3, 40)}.t.example`])).toEqual({ after: 1, shape: 'a name of 100 characters below the domain' })
  })

  it('are noticed by their number when each is short', () => {
    expect(noticedAfter(many(300, (i) => `${hex(i, 8)}.t.example`))).toEqual({ after: 151, shape: 'more than 150 different names' })
    expect(noticedAfter(many(300, (i) => `${base32(i, 30)}.t.example`))).toMatchObject({ after: 13, shape: expect.stringContaining('random letters') })
    expect(noticedAfter(many(300, (i) => `${'word-and-number'.repeat(3)}${i % 10}${i}`.slice(0, 48) + '.t.example'))).toMatchObject({ shape: expect.stringContaining('bytes together') })
  })

  it('are noticed by the records that bring text back, same name or not', () => {
    expect(noticedAfter(many(60, () => 't.example'), 'TXT')).toEqual({ after: 41, shape: 'more than 40 questions for records that carry text' })
    expect(noticedAfter(many(60, () => 't.example'), 'NULL')).toMatchObject({ after: 41 })
  })

  it('are noticed below an approved wildcard, by the domain of the wildcard', () => {
    const watch = createTunnelWatch(handClock())
    const name = `${base32(1, 55)}.eu.cdn.example`
    expect(watch.observe({ name, type: 'A' }, 'eu.cdn.example')).toEqual({ domain: 'eu.cdn.example', shape: expect.any(String) })
    expect(watch.isNoticed('x.eu.cdn.example', 'eu.cdn.example')).toBe(true)
    expect(watch.isNoticed('x.us.cdn.example', 'us.cdn.example')).toBe(false)
  })

  it('are told once in a window, and again in the next', () => {
    const clock = handClock()
    const watch = createTunnelWatch(clock)
    const observe = (i: number): unknown => watch.observe({ name: `${base32(i, 60)}.t.example`, type: 'A' }, null)
    expect(observe(1)).not.toBeNull()
    expect(many(50, String).map((_, i) => observe(i))).toEqual(Array(50).fill(null))
    clock.advance(windowMs)
    expect(watch.isNoticed('x.t.example', null)).toBe(false)
    expect(observe(2)).not.toBeNull()
  })
})

describe('ordinary questions', () => {
  it('are left alone: a service with shards, hashes of buckets, identifiers and long host names', () => {
    expect(noticedAfter(many(100, (i) => `shard-${i}.api.example`))).toBeNull()
    expect(noticedAfter(many(10, (i) => `${hex(i, 32)}.storage.example`))).toBeNull()
    expect(noticedAfter(['internal-a1b2c3d4-1234567890.us-east-1.elb.example', 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6.tenant.example', 'productionresultssa12.blob.core.example'])).toBeNull()
    expect(noticedAfter(many(500, () => 'api.example'))).toBeNull()
  })
})

describe('a name in the log', () => {
  it('shows the length of what may be data instead of the data', () => {
    expect(shownName(`${'a'.repeat(60)}.evil.example`)).toBe('<60 characters>.evil.example')
    expect(shownName(`${'a1b2.'.repeat(30)}evil.example`)).toBe('<162 characters>.evil.example')
    expect(shownName(`${'f'.repeat(32)}.hardshell-probe.invalid`)).toContain('f'.repeat(32))
  })

  it('is grouped by the domain somebody could own', () => {
    expect(['a.b.example.com', 'example.com', 'com', 'a.example.co.uk'].map(registrable)).toEqual(['example.com', 'example.com', 'com', 'example.co.uk'])
  })
})
