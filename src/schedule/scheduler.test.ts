import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { migrations } from './migrations.ts'
import { createScheduler, type Scheduler } from './scheduler.ts'

const at = (text: string): number => Date.parse(text)

function world(schedule = '0 3 * * *', work: () => Promise<void> = async () => {}) {
  const db = new DatabaseSync(':memory:')
  for (const { sql } of migrations) db.exec(sql)
  const state = { now: at('2026-01-01T00:00:00Z'), runs: 0, failures: [] as unknown[] }
  const start = (): Scheduler =>
    createScheduler([{ name: 'rotate', schedule, run: async () => { state.runs++; await work() } }], {
      db,
      clock: { now: () => state.now, monotonicMs: () => 0 },
      onFailure: (_, error) => void state.failures.push(error),
    })
  return { state, start, db }
}

describe('the scheduler', () => {
  it('runs a job when its time has come, once, in UTC', async () => {
    const { state, start } = world()
    const scheduler = start()
    expect(scheduler.next()).toEqual([{ name: 'rotate', at: at('2026-01-01T03:00:00Z') }])
    state.now = at('2026-01-01T02:59:59Z')
    await scheduler.tick()
    expect(state.runs).toBe(0)
    state.now = at('2026-01-01T03:00:20Z')
    await scheduler.tick()
    await scheduler.tick()
    expect(state.runs).toBe(1)
    expect(scheduler.next()[0]!.at).toBe(at('2026-01-02T03:00:00Z'))
    await scheduler.stop()
  })

  it('makes up once for what was due while nobody was there', async () => {
    const { state, start } = world()
    await start().stop()
    state.now = at('2026-01-09T12:00:00Z')
    const scheduler = start()
    await scheduler.tick()
    await scheduler.tick()
    expect(state.runs).toBe(1)
    await scheduler.stop()
  })

  it('starts counting anew when the clock is set back, instead of running or resting for years', async () => {
    const { state, start } = world()
    const scheduler = start()
    state.now = at('2025-01-01T00:00:00Z')
    expect(scheduler.next()[0]!.at).toBe(at('2025-01-01T03:00:00Z'))
    await scheduler.tick()
    expect(state.runs).toBe(0)
    await scheduler.stop()
  })

  it('never runs a job beside itself, and waits for it when it stops', async () => {
    let end = (): void => {}
    const { state, start } = world('* * * * *', () => new Promise<void>((resolve) => (end = resolve)))
    const scheduler = start()
    state.now += 120_000
    const first = scheduler.tick()
    state.now += 120_000
    const second = scheduler.tick()
    expect(state.runs).toBe(1)
    let stopped = false
    const stopping = scheduler.stop().then(() => (stopped = true))
    await new Promise((resolve) => setImmediate(resolve))
    expect(stopped).toBe(false)
    end()
    await Promise.all([first, second, stopping])
    expect(stopped).toBe(true)
  })

  it('tells of a job that failed, and runs it the next time', async () => {
    const { state, start } = world('* * * * *', async () => Promise.reject(new Error('no such key')))
    const scheduler = start()
    for (let i = 0; i < 2; i++) {
      state.now += 60_000
      await scheduler.tick()
    }
    expect(state.failures).toHaveLength(2)
    await scheduler.stop()
  })
})
