import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DatabaseSync } from 'node:sqlite'
import { createMeter, migrations, type Processes } from './index.ts'
import { MeterWorld, ask, claim, granted, testPrices, worstCase } from './meter.test.kit.ts'

let world: MeterWorld
beforeEach(() => {
  world = new MeterWorld()
})
afterEach(() => world.db.close())

describe('time', () => {
  it('opens a new day and a new month at midnight UTC', async () => {
    world.now = Date.parse('2026-11-30T23:59:59Z')
    const meter = world.meter({ perDay: worstCase, perMonth: worstCase * 2 })
    await granted(meter, claim('a'))
    meter.settle('a', { costMicroUsd: worstCase })
    expect(await ask(meter, claim('b'))).toMatchObject({ granted: false, limit: 'day' })
    world.now = Date.parse('2026-12-01T00:00:00Z')
    await granted(meter, claim('c'))
    expect((await meter.spend()).month).toMatchObject({
      period: '2026-12',
      spentMicroUsd: 0,
      reservedMicroUsd: worstCase,
    })
  })

  it('charges a call to the day it was reserved on', async () => {
    world.now = Date.parse('2026-11-21T23:59:59Z')
    const meter = world.meter({ perDay: 1_000_000 })
    await granted(meter, claim('a'))
    world.now = Date.parse('2026-11-22T00:00:05Z')
    meter.settle('a', { costMicroUsd: 500 })
    expect((await meter.spend()).day).toMatchObject({ period: '2026-11-22', spentMicroUsd: 0 })
  })

  it('does not go back to an earlier day when the clock does, not even after a restart', async () => {
    const limits = { perDay: worstCase }
    await granted(world.meter(limits), claim('a'))
    world.now -= 3 * 86_400_000
    const meter = world.meter(limits)
    expect(await ask(meter, claim('b'))).toMatchObject({ granted: false, period: '2026-11-21' })
    expect(await meter.spend()).toMatchObject({ clockBehind: true, day: { period: '2026-11-21' } })
  })
})

describe('recovery', () => {
  const process = (self: string, ...running: string[]): Processes => ({
    self,
    isRunning: (mark) => [self, ...running].includes(mark),
  })

  it('charges the worst case of calls whose process died, once', async () => {
    await granted(world.meter({}, process('old')), claim('a'))
    const meter = world.meter({}, process('new'))
    expect(meter.recovered).toMatchObject([{ id: 'a', how: 'recovered', costMicroUsd: worstCase }])
    expect(await meter.recover()).toEqual({ calls: [], writtenOff: [] })
    expect((await meter.spend()).day).toMatchObject({ spentMicroUsd: worstCase, reservedMicroUsd: 0 })
  })

  it('leaves the calls of this process and of a living one alone', async () => {
    await granted(world.meter({}, process('mine')), claim('a'))
    await granted(world.meter({}, process('other', 'mine')), claim('b'))
    expect(world.meter({}, process('mine', 'other')).recovered).toEqual([])
  })

  it('takes the true cost when a process thought dead settles after all', async () => {
    const old = world.meter({}, process('old'))
    await granted(old, claim('a'))
    const meter = world.meter({}, process('new'))
    expect(old.settle('a', { costMicroUsd: 42 })).toMatchObject({ already: false, costMicroUsd: 42 })
    old.flush()
    expect(await meter.spend()).toMatchObject({ day: { spentMicroUsd: 42 }, models: [{ callsThisMonth: 1 }] })
  })

  it('gives up a call of its own that was forgotten for more than six hours', async () => {
    const meter = world.meter({}, process('mine'))
    await granted(meter, claim('a'))
    world.monotonicMs += 6 * 3_600_000 + 1
    expect((await meter.recover()).calls).toMatchObject([{ id: 'a', how: 'recovered', costMicroUsd: worstCase }])
    expect((await meter.spend()).day).toMatchObject({ spentMicroUsd: worstCase, reservedMicroUsd: 0 })
  })
})

describe('warnings', () => {
  it('tell each level once a period, across restarts, and anew when the limit changes', async () => {
    const limits = { perDay: 10_000_000, warnAt: [0.5, 0.8] }
    const meter = world.meter(limits)
    await granted(meter, claim('a'))
    expect(meter.settle('a', { costMicroUsd: 5_000_000 }).warnings).toEqual([
      { limit: 'day', key: '', period: '2026-11-21', fraction: 0.5, crossed: 0.5 },
    ])
    const second = world.meter(limits)
    expect((await granted(second, claim('b'))).warnings).toEqual([])
    expect(second.settle('b', { costMicroUsd: 4_000_000 }).warnings).toMatchObject([{ crossed: 0.8, fraction: 0.9 }])
    second.flush()
    expect((await granted(world.meter({ ...limits, perDay: 11_000_000 }), claim('c'))).warnings).toMatchObject([
      { crossed: 0.5 },
      { crossed: 0.8 },
    ])
  })
})

describe('waive', () => {
  it('lets a session go on and keeps its spending in the report', async () => {
    const meter = world.meter({ perSession: 10_000 })
    await granted(meter, claim('a'))
    meter.settle('a', { costMicroUsd: 9_000 })
    expect(await ask(meter, claim('b'))).toMatchObject({ granted: false, limit: 'session' })
    expect(await meter.waive({ limit: 'session', key: 'agent:main:main' })).toEqual({ waivedMicroUsd: 9_000 })
    await granted(meter, claim('c'))
    expect((await meter.spend({ sessionKey: 'agent:main:main' })).sessions).toMatchObject([
      { spentMicroUsd: 9_000, waivedMicroUsd: 9_000, reservedMicroUsd: worstCase, remainingMicroUsd: 2_500 },
    ])
  })

  it('waives nothing where nothing was spent', async () => {
    expect(await world.meter({ perDay: 1 }).waive({ limit: 'day' })).toEqual({ waivedMicroUsd: 0 })
  })
})

describe('spend', () => {
  it('lists agents, sessions, cron jobs, users and models, largest first, also those that only hold a reservation', async () => {
    const meter = world.meter({ perAgent: 100_000 })
    await granted(meter, claim('a', { agentId: 'Research', sessionKey: 's1', user: 'ann', cronJob: 'digest' }))
    meter.settle('a', { costMicroUsd: 3 })
    await granted(meter, claim('b'))
    const report = await meter.spend()
    expect(report.agents).toMatchObject([
      { key: 'main', spentMicroUsd: 0, reservedMicroUsd: worstCase, remainingMicroUsd: 92_500 },
      { key: 'research', spentMicroUsd: 3, reservedMicroUsd: 0, setting: 'budgets.per_agent' },
    ])
    expect(report.sessions.map(({ key }) => key)).toEqual(['agent:main:main', 's1'])
    expect(report.cronJobs).toMatchObject([{ key: 'digest', spentMicroUsd: 3 }])
    expect(report.users.map(({ key }) => key)).toEqual(['(unattributed)', 'ann'])
    expect(report.global).toMatchObject({ period: 'always', spentMicroUsd: 3, limitMicroUsd: null })
    expect(report.open).toEqual([
      {
        id: 'b',
        agentId: 'main',
        sessionKey: 'agent:main:main',
        model: 'test/test-1',
        reservedMicroUsd: worstCase,
        openedAt: world.now,
      },
    ])
    expect((await meter.spend({ agentId: 'research' })).agents.map(({ key }) => key)).toEqual(['research'])
  })
})

describe('a database of the meter before leases', () => {
  it('keeps its totals, its day, and what its open calls held', async () => {
    const db = new DatabaseSync(':memory:')
    db.exec(migrations[0]!.sql)
    db.exec(`UPDATE budget_calendar SET latest_day = '2026-11-21';
      INSERT INTO budget_totals VALUES ('month', '', '2026-11', 700, 0, 3), ('day', '', '2026-11-21', 500, 0, 2);
      INSERT INTO budget_claims (id, state, owner, agent_id, session_key, session_period, scope, provider, model, day,
        free, input_bound, output_bound, reserved, price, opened_at) VALUES
        ('a', 'open', '1/gone', 'main', 's', 'always', '', 'test', 'test-1', '2026-11-21', 0, 9, 9, 40, 'null', 5),
        ('b', 'settled', '1/gone', 'main', 's', 'always', '', 'test', 'test-1', '2026-11-21', 0, 9, 9, 40, 'null', 5)`)
    db.exec(migrations[1]!.sql)
    const meter = createMeter({ db, limits: { global: 1_000 }, prices: testPrices }, { clock: world.clock })
    expect(meter.recovered).toMatchObject([{ id: 'a', costMicroUsd: 40 }])
    expect(await meter.spend()).toMatchObject({
      day: { spentMicroUsd: 540 },
      month: { spentMicroUsd: 740 },
      global: { spentMicroUsd: 740, remainingMicroUsd: 260 },
      sessions: [{ key: 's', spentMicroUsd: 40 }],
    })
    meter.close()
    db.close()
  })
})
