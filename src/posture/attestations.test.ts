import { describe, expect, it } from 'vitest'
import { attest, attestationOf, isInForce, readAttestations, revoke, writtenAttestations } from './attestations.ts'

const now = Date.UTC(2026, 10, 21)
const day = 86_400_000
const made = { item: '1.exercise', by: 'alex', note: 'played through', holdsMs: 90 * day }

describe('attestations', () => {
  it('hold from now until their end, and not on the moment of it', () => {
    const [one] = attest([], made, now)
    expect(one).toMatchObject({ item: '1.exercise', by: 'alex', at: '2026-11-21T00:00:00.000Z', expires: '2027-02-19T00:00:00.000Z' })
    expect([isInForce(one!, now), isInForce(one!, now + 90 * day - 1), isInForce(one!, now + 90 * day)]).toEqual([true, true, false])
  })

  it.each([
    ['a line end in a note', { note: 'fine\nand more' }],
    ['an escape in a name', { by: 'alex\u001b[31m' }],
    ['a bidi override', { note: 'seen \u202e' }],
    ['no name', { by: ' ' }],
    ['an endless note', { note: 'x'.repeat(501) }],
    ['an end beyond a year', { holdsMs: 400 * day }],
    ['an end before it begins', { holdsMs: 0 }],
  ])('are refused with %s', (_, more) => {
    expect(() => attest([], { ...made, ...more }, now)).toThrow(expect.objectContaining({ code: 'posture.bad-attestation' }))
  })

  it('can be taken back, which stays on record, and then count no more', () => {
    const list = revoke(attest([], made, now), { item: '1.exercise', by: 'kim' }, now + day)
    expect(list).toHaveLength(1)
    expect(list[0]).toMatchObject({ by: 'alex', revoked: { by: 'kim' } })
    expect(attestationOf(list, '1.exercise')).toBeNull()
    expect(isInForce(list[0]!, now)).toBe(false)
    expect(() => revoke(list, { item: '1.exercise', by: 'kim' }, now)).toThrow(/nobody vouches/)
  })

  it('of one item: the newest counts', () => {
    const list = attest(attest([], made, now), { ...made, by: 'kim' }, now + day)
    expect(attestationOf(list, '1.exercise')?.by).toBe('kim')
  })

  it('come back from the file as they went, and a damaged file is none', () => {
    const list = attest([], made, now)
    expect(readAttestations(writtenAttestations(list))).toEqual(list)
    expect(readAttestations(null)).toEqual([])
    for (const text of ['{}', '{"attestations":[{"item":"x"}]}', '{"attestations":[null]}', '[']) expect(() => readAttestations(text), text).toThrow(/damaged|JSON/)
  })
})
