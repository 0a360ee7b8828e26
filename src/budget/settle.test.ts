import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MeterWorld, ask, claim, granted, worstCase } from './meter.test.kit.ts'

let world: MeterWorld
beforeEach(() => {
  world = new MeterWorld()
})
afterEach(() => world.db.close())

describe('settle', () => {
  it('gives back what the call did not use', async () => {
    const meter = world.meter({ perDay: 1_000_000 })
    await granted(meter, claim('a'))
    const settled = meter.settle('a', { inputTokens: 250, outputTokens: 40 })
    expect(settled).toMatchObject({
      how: 'settled',
      costMicroUsd: 250 * 3 + 40 * 15,
      reservedMicroUsd: worstCase,
      overrunMicroUsd: 0,
      already: false,
    })
    const report = await meter.spend()
    expect(report.day).toMatchObject({ spentMicroUsd: 1_350, reservedMicroUsd: 0, remainingMicroUsd: 998_650 })
    expect(report.models).toEqual([
      { model: 'test/test-1', todayMicroUsd: 1_350, monthMicroUsd: 1_350, callsThisMonth: 1 },
    ])
  })

  it('counts a repeated settlement once, whatever it says', async () => {
    const meter = world.meter({ perDay: 1_000_000 })
    await granted(meter, claim('a'))
    meter.settle('a', { costMicroUsd: 100 })
    expect(meter.settle('a', { costMicroUsd: 999 })).toMatchObject({ already: true, costMicroUsd: 100 })
    meter.release('a')
    expect(meter.settleInterrupted('a', { inputTokens: 1, outputTokens: 1 })).toMatchObject({
      already: true,
      costMicroUsd: 100,
    })
    expect((await meter.spend()).day.spentMicroUsd).toBe(100)
  })

  it('records a bill above the reservation in full and tells by how much', async () => {
    const meter = world.meter({ perDay: 10_000 })
    await granted(meter, claim('a'))
    expect(meter.settle('a', { inputTokens: 1_000, outputTokens: 1_000 })).toMatchObject({
      costMicroUsd: 18_000,
      overrunMicroUsd: 10_500,
    })
    expect((await meter.spend()).day).toMatchObject({ spentMicroUsd: 18_000, remainingMicroUsd: 0 })
    expect(await ask(meter, claim('b'))).toMatchObject({ granted: false })
  })

  it.each([
    ['negative', { inputTokens: -5, outputTokens: 0 }],
    ['fractional', { inputTokens: 1.5, outputTokens: 0 }],
    ['not numbers', { inputTokens: '7' as unknown as number, outputTokens: 0 }],
    ['impossible', { inputTokens: 1e15, outputTokens: 0 }],
    ['an impossible amount', { costMicroUsd: 1e15 }],
  ])('charges the worst case for counts that are %s', async (_, paid) => {
    const meter = world.meter({})
    await granted(meter, claim('a'))
    expect(meter.settle('a', paid)).toMatchObject({ costMicroUsd: worstCase, usageRejected: true })
  })

  it('returns everything on release, and still takes a bill that arrives after it', async () => {
    const meter = world.meter({ perDay: 1_000_000 })
    await granted(meter, claim('a'))
    meter.release('a')
    meter.release('a')
    expect((await meter.spend()).day).toMatchObject({ spentMicroUsd: 0, reservedMicroUsd: 0 })
    expect(meter.settle('a', { costMicroUsd: 70 })).toMatchObject({ already: false, costMicroUsd: 70 })
    expect((await meter.spend()).day.spentMicroUsd).toBe(70)
  })

  it('refuses to settle what nobody reserved', async () => {
    expect(() => world.meter({}).settle('ghost', { costMicroUsd: 1 })).toThrowError(
      expect.objectContaining({ code: 'budget.unknown-reservation' }),
    )
  })
})

describe('settleInterrupted', () => {
  it('charges the whole output bound, because what was generated unseen is billed', async () => {
    const meter = world.meter({})
    await granted(meter, claim('a'))
    expect(meter.settleInterrupted('a', { inputTokens: 200, outputTokens: 10 })).toMatchObject({
      how: 'interrupted',
      costMicroUsd: 200 * 3 + 100 * 15,
    })
  })

  it('charges the input bound when no usage was seen, so the whole reservation', async () => {
    const meter = world.meter({})
    await granted(meter, claim('a'))
    expect(meter.settleInterrupted('a', { inputTokens: 0, outputTokens: 0 })).toMatchObject({
      costMicroUsd: worstCase,
    })
  })

  it('charges less where the caller vouches for the output, never less than what was seen', async () => {
    const meter = world.meter({})
    await granted(meter, claim('a'))
    await granted(meter, claim('b'))
    expect(
      meter.settleInterrupted('a', { inputTokens: 200, outputTokens: 10, mostOutputTokens: 25 }),
    ).toMatchObject({ costMicroUsd: 200 * 3 + 25 * 15 })
    expect(
      meter.settleInterrupted('b', { inputTokens: 200, outputTokens: 30, mostOutputTokens: 25 }),
    ).toMatchObject({ costMicroUsd: 200 * 3 + 30 * 15 })
  })

  it('is corrected by the true usage if that still arrives', async () => {
    const meter = world.meter({})
    await granted(meter, claim('a'))
    meter.settleInterrupted('a', { inputTokens: 200, outputTokens: 10 })
    meter.settle('a', { inputTokens: 200, outputTokens: 12 })
    expect(await meter.spend()).toMatchObject({ day: { spentMicroUsd: 780 }, models: [{ callsThisMonth: 1 }] })
  })
})
