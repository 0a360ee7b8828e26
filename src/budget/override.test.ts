import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MeterWorld, ask, claim, granted, worstCase } from './meter.test.kit.ts'

const hourMs = 3_600_000
let world: MeterWorld
beforeEach(() => {
  world = new MeterWorld()
})
afterEach(() => world.db.close())

const because = { reason: 'release week', by: 'ann' }

describe('override', () => {
  it('lets a spent budget go on up to its own amount, in every guard, and is in the report', async () => {
    const [one, other] = [world.meter({ perDay: worstCase }), world.meter({ perDay: worstCase })]
    await granted(one, claim('a'))
    expect(await ask(other, claim('b'))).toMatchObject({ granted: false, limitValue: worstCase })
    const until = world.now + hourMs
    const made = await one.override({ limit: 'day', allowMicroUsd: worstCase * 2, until, ...because })
    expect(made).toMatchObject({ limit: 'day', key: '', allowMicroUsd: worstCase * 2, until, ...because })
    await granted(other, claim('c'))
    expect(await ask(other, claim('d'))).toMatchObject({ granted: false, limitValue: worstCase * 2 })
    expect((await one.spend()).day).toMatchObject({ limitMicroUsd: worstCase * 2, override: { id: made.id, ...because } })
  })

  it('may be without end of money for one agent, in any spelling, and touches no other', async () => {
    const meter = world.meter({ perAgent: 1 })
    const until = world.now + hourMs
    await meter.override({ limit: 'agent', key: ' Main', allowMicroUsd: 'unlimited', until, ...because })
    for (const id of ['a', 'b', 'c']) await granted(meter, claim(id))
    expect(await ask(meter, claim('d', { agentId: 'other' }))).toMatchObject({ granted: false, limit: 'agent' })
    expect((await meter.spend({ agentId: 'main' })).agents).toMatchObject([{ limitMicroUsd: null }])
  })

  it('ends at its time, also for money a guard holds on the strength of it', async () => {
    const meter = world.meter({ perDay: 10 })
    await meter.override({ limit: 'day', allowMicroUsd: 'unlimited', until: world.now + hourMs, ...because })
    for (const id of ['a', 'b', 'c']) await granted(meter, claim(id))
    world.now += hourMs
    expect(await ask(meter, claim('d'))).toMatchObject({ granted: false, limitValue: 10 })
    expect(await meter.overrides()).toEqual([])
  })

  it('is not revived by a clock that is set back, nor by a restart', async () => {
    const limits = { perDay: 10 }
    const meter = world.meter(limits)
    await meter.override({ limit: 'day', allowMicroUsd: 'unlimited', until: world.now + hourMs, ...because })
    world.now += 2 * hourMs
    meter.flush()
    world.now -= 2 * hourMs
    expect(await ask(meter, claim('a'))).toMatchObject({ granted: false, limitValue: 10 })
    expect(await ask(world.meter(limits), claim('a'))).toMatchObject({ granted: false, limitValue: 10 })
  })

  it('can be revoked, once', async () => {
    const meter = world.meter({ perSession: 10 })
    const key = 'agent:main:main'
    const { id } = await meter.override({
      limit: 'session',
      key,
      allowMicroUsd: 1_000_000,
      until: world.now + hourMs,
      ...because,
    })
    await granted(meter, claim('a'))
    expect([await meter.revokeOverride(id), await meter.revokeOverride(id)]).toEqual([true, false])
    expect(await ask(meter, claim('b'))).toMatchObject({ granted: false, limitValue: 10 })
  })

  it.each([
    ['an amount that is none', { allowMicroUsd: -1 }, /allows no amount/],
    ['an end that has passed', { until: 0 }, /ends before it begins/],
    ['no reason', { reason: ' ' }, /names no reason/],
  ])('refuses %s', async (_, wrong, message) => {
    const meter = world.meter({})
    const request = { limit: 'day', allowMicroUsd: 5, until: world.now + hourMs, ...because, ...wrong } as const
    await expect(meter.override(request)).rejects.toMatchObject({
      code: 'budget.bad-override',
      message: expect.stringMatching(message),
    })
  })
})

describe('waive', () => {
  it('is noticed by the other guards', async () => {
    const [one, other] = [world.meter({ global: worstCase }), world.meter({ global: worstCase })]
    await granted(one, claim('a'))
    one.settle('a', { costMicroUsd: worstCase })
    one.flush()
    expect(await ask(other, claim('b'))).toMatchObject({ granted: false, limit: 'global', period: 'always' })
    expect(await one.waive({ limit: 'global' })).toEqual({ waivedMicroUsd: worstCase })
    await granted(other, claim('c'))
  })
})

describe('a clock that jumps', () => {
  const day = 24 * hourMs
  const limits = { perDay: worstCase, perMonth: worstCase * 2 }

  it('years ahead and back keeps the budget on the later day for one day, then believes the clock again', async () => {
    const meter = world.meter(limits)
    await granted(meter, claim('a'))
    meter.settle('a', { costMicroUsd: worstCase })
    world.now += 10 * 365 * day
    await granted(meter, claim('far'))
    meter.settle('far', { costMicroUsd: worstCase })
    world.now -= 10 * 365 * day
    expect(await ask(meter, claim('b'))).toMatchObject({ granted: false, period: '2036-11-18' })
    world.now += day - 1
    expect(await ask(meter, claim('c'))).toMatchObject({ granted: false, period: '2036-11-18' })
    world.now += 1
    await granted(meter, claim('d'))
    expect(await meter.spend()).toMatchObject({
      day: { period: '2026-11-22' },
      // What was spent before the jump still counts.
      month: { period: '2026-11', spentMicroUsd: worstCase, remainingMicroUsd: 0 },
      clockBehind: false,
    })
  })

  it('to and fro gives no budget twice', async () => {
    const meter = world.meter(limits)
    let granteds = 0
    for (let i = 0; i < 40; i++) {
      world.now += (i % 2 === 0 ? -1 : 1) * 3 * day
      if ((await ask(meter, claim(`c${i}`))).granted) granteds++
    }
    expect(granteds).toBe(1)
  })
})
