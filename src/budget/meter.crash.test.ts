import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MeterWorld, ask, claim, granted, worstCase } from './meter.test.kit.ts'
import type { Meter, Processes, Recovery } from './index.ts'

let world: MeterWorld
let living: Set<string>
beforeEach(() => {
  world = new MeterWorld()
  living = new Set()
})
afterEach(() => world.db.close())

const limits = { perDay: 1_000_000 }

function guard(name: string): Meter {
  living.add(name)
  const processes: Processes = { self: name, isRunning: (mark) => living.has(mark) }
  return world.meter(limits, processes)
}

/** The guard is killed: nothing more comes from it, and another one looks. */
function kill(name: string, heir = `${name}-heir`): Meter {
  living.delete(name)
  return guard(heir)
}

const seen = (outputTokens: number) => ({ inputTokens: 1000, outputTokens })

describe('a guard that dies', () => {
  it('is charged its worst case for a call nothing was seen of, and nothing else on a quiet day', async () => {
    await granted(guard('old'), claim('a'))
    const heir = kill('old')
    expect(heir.recovered).toMatchObject([{ id: 'a', how: 'recovered', costMicroUsd: worstCase }])
    expect(heir.writtenOff).toEqual([])
    expect((await heir.spend()).day).toMatchObject({ spentMicroUsd: worstCase, leasedMicroUsd: 0 })
  })

  it('is charged what was seen of a stream and at most 2,000 tokens more; the rest returns', async () => {
    const old = guard('old')
    await granted(old, claim('a', { maxOutputTokens: 10_000 }))
    old.progress('a', seen(500))
    old.flush()
    const heir = kill('old')
    expect(heir.recovered).toMatchObject([{ id: 'a', costMicroUsd: 1000 * 3 + 2_500 * 15 }])
    expect((await heir.spend()).day.spentMicroUsd).toBe(1000 * 3 + 2_500 * 15)
  })

  it('has written down more than was seen at every moment of a stream, without a write at each piece', async () => {
    const old = guard('old')
    await granted(old, claim('a', { maxOutputTokens: 10_000 }))
    old.progress('a', seen(1))
    old.flush()
    const charge = (): number => (world.db.prepare('SELECT charge FROM budget_open').get() as { charge: number }).charge
    const charges = new Set<number>()
    for (let tokens = 1; tokens < 9_000; tokens += 7) {
      old.progress('a', seen(tokens))
      expect(charge()).toBeGreaterThanOrEqual(1000 * 3 + tokens * 15)
      charges.add(charge())
    }
    expect(charges.size).toBeLessThan(10)
  })

  it('cannot have spent again, unknown to anybody, what a half-seen call gave back', async () => {
    const old = guard('old')
    for (const id of ['x', 'y']) await granted(old, claim(id, { maxOutputTokens: 20_000 }))
    old.progress('x', seen(1))
    old.flush() // x is written down at far less than its reservation
    old.settle('x', { costMicroUsd: 100 })
    // What x held would cover this call, and is not to be had without a write.
    expect(old.reserve(claim('z', { maxOutputTokens: 10_000 }))).toBeInstanceOf(Promise)
  })

  it('has written a bill above what was seen before it answers', async () => {
    const old = guard('old')
    await granted(old, claim('a', { maxOutputTokens: 10_000 }))
    old.progress('a', seen(1))
    old.flush()
    old.settle('a', { costMicroUsd: 150_000 })
    expect((await kill('old').spend()).day.spentMicroUsd).toBe(150_000)
  })

  it('is charged its free lease, a fiftieth of the limit at most: it may have used it since it wrote last', async () => {
    const old = guard('old')
    for (let i = 0; i < 8; i++) {
      await granted(old, claim(`c${i}`))
      old.settle(`c${i}`, { costMicroUsd: 10 })
    }
    const heir = kill('old')
    const { costMicroUsd } = heir.writtenOff[0]!
    expect(heir.writtenOff).toMatchObject([{ limit: 'day', key: '', period: '2026-11-21' }])
    expect(costMicroUsd).toBeGreaterThan(0)
    expect(costMicroUsd).toBeLessThanOrEqual(limits.perDay / 50)
    expect((await heir.spend()).day.spentMicroUsd).toBeGreaterThanOrEqual(80 + costMicroUsd)
  })

  it('in a retry is charged for the later attempt alone', async () => {
    const old = guard('old')
    await granted(old, claim('first'))
    await granted(old, claim('second', { attemptOf: 'first', inputBytes: 1_100 }))
    const heir = kill('old')
    expect(heir.recovered).toMatchObject([{ id: 'second', costMicroUsd: worstCase + 600 }])
    expect((await heir.spend()).day.spentMicroUsd).toBe(worstCase + 600)
  })

  it('and was alive after all sees its true spending in place of what was charged for it', async () => {
    const old = guard('old')
    for (let i = 0; i < 8; i++) {
      await granted(old, claim(`c${i}`))
      old.settle(`c${i}`, { costMicroUsd: 10 })
    }
    await granted(old, claim('open', { maxOutputTokens: 1_000 }))
    await kill('old').spend()
    old.settle('open', { costMicroUsd: 5 })
    expect((await old.spend()).day).toMatchObject({ spentMicroUsd: 85, reservedMicroUsd: 0 })
    expect((await old.spend()).models).toMatchObject([{ callsThisMonth: 9 }])
  })

  it('is found by a guard that needs the money, and told to whoever logs it', async () => {
    const found: Recovery[] = []
    living.add('old').add('new')
    const isRunning = (mark: string): boolean => living.has(mark)
    const old = world.meter(limits, { self: 'old', isRunning })
    const heir = world.meter(limits, { self: 'new', isRunning }, undefined, (recovery) => found.push(recovery))
    await granted(old, claim('a', { maxOutputTokens: 60_000 }))
    old.progress('a', seen(1))
    old.flush()
    const wanted = claim('b', { maxOutputTokens: 20_000 })
    expect(await ask(heir, wanted)).toMatchObject({ granted: false, transient: true })
    living.delete('old')
    world.monotonicMs += 2_000
    expect(await ask(heir, { ...wanted, id: 'c' })).toMatchObject({ granted: true })
    expect(found).toMatchObject([{ calls: [{ id: 'a' }], writtenOff: [] }])
  })
})

describe('a disk that fails', () => {
  it('stops every call, loses no spending, and lets calls pass once it works again', async () => {
    const meter = guard('old')
    for (let i = 0; i < 8; i++) {
      await granted(meter, claim(`c${i}`))
      meter.settle(`c${i}`, { costMicroUsd: 10 })
    }
    await granted(meter, claim('open'))
    world.db.exec('PRAGMA query_only = 1')
    expect(() => meter.flush()).toThrowError(expect.objectContaining({ code: 'budget.store-failed' }))
    expect(meter.settle('open', { costMicroUsd: 20 })).toMatchObject({ how: 'settled', costMicroUsd: 20 })
    for (const id of ['x', 'y']) await expect(ask(meter, claim(id))).rejects.toMatchObject({ code: 'budget.store-failed' })
    world.db.exec('PRAGMA query_only = 0')
    await granted(meter, claim('z'))
    expect((await meter.spend()).day).toMatchObject({ spentMicroUsd: 100, reservedMicroUsd: worstCase })
  })
})

describe('close', () => {
  it('writes everything down and gives every lease back', async () => {
    const meter = guard('old')
    for (let i = 0; i < 8; i++) {
      await granted(meter, claim(`c${i}`))
      meter.settle(`c${i}`, { costMicroUsd: 10 })
    }
    meter.close()
    expect(world.db.prepare('SELECT * FROM budget_leases').all()).toEqual([])
    expect(world.db.prepare('SELECT * FROM budget_guards').all()).toEqual([])
    expect(() => meter.reserve(claim('late'))).toThrowError(expect.objectContaining({ code: 'budget.store-failed' }))
    expect((await guard('new').spend()).day.spentMicroUsd).toBe(80)
  })

  it('keeps what calls under way hold, and still takes their bills', async () => {
    const meter = guard('old')
    await granted(meter, claim('a'))
    meter.close()
    expect((await guard('new').spend()).day.reservedMicroUsd).toBe(worstCase)
    meter.settle('a', { costMicroUsd: 42 })
    expect((await guard('newer').spend()).day).toMatchObject({ spentMicroUsd: 42, reservedMicroUsd: 0 })
  })
})
