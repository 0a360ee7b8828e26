import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { migrations } from './migrations.ts'
import { createScheduler } from './scheduler.ts'

describe('a job that is due while the disk is full', () => {
  it('is told as a failure of the job, and does not end the guard by a rejection nobody hears', async () => {
    const db = new DatabaseSync(':memory:')
    for (const { sql } of migrations) db.exec(sql)
    let now = Date.parse('2026-11-21T12:00:00Z')
    const failed: string[] = []
    const job = { name: 'rotate', schedule: '* * * * *', run: async () => {} }
    const scheduler = createScheduler([job], { clock: { now: () => now, monotonicMs: () => 0 }, db, onFailure: (name) => void failed.push(name) })
    db.exec('PRAGMA query_only = 1') // as SQLITE_FULL: reading works, writing throws
    now += 120_000
    await expect(scheduler.tick()).resolves.toBeUndefined()
    expect(failed).toEqual(['rotate'])
    await scheduler.stop()
  })
})
