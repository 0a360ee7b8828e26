import { describe, expect, it } from 'vitest'
import { controlHandlers } from './control-handlers.ts'
import type { WireInput, Wired } from './wire.ts'

function recorder(): { record(body: Record<string, unknown>): Promise<unknown>; entries: object[] } {
  const entries: object[] = []
  const wired = { log: { append: async (entry: object) => void entries.push(entry) } } as unknown as Wired
  const handlers = controlHandlers({} as WireInput, wired, {} as Parameters<typeof controlHandlers>[2])
  return { record: async (body) => await handlers.recordChange(body), entries }
}

describe('a change that a command made to the machine', () => {
  it('is an entry of the log, under the name of who made it', async () => {
    const { record, entries } = recorder()
    expect(await record({ by: 'anna', rule: 'isolation.applied', target: 'isolation nftables', result: 'applied to user 997' })).toEqual({ ok: true })
    expect(entries).toEqual([{ event_type: 'config_change', rule: 'isolation.applied', user: 'anna', target: 'isolation nftables', result_summary: 'applied to user 997' }])
  })

  it.each(['kill-switch.resumed', 'isolation', 'isolation.Applied', 'x.isolation.applied', 'harden.x\nrule', ''])('is not one of the kind %j, which the guard alone writes', async (rule) => {
    const { record, entries } = recorder()
    await expect(record({ by: 'anna', rule, target: '', result: '' })).rejects.toMatchObject({ code: 'control.bad-request' })
    expect(entries).toEqual([])
  })
})
