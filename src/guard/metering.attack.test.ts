import { describe, expect, it } from 'vitest'
import type { NewEntry } from '../auditlog/index.ts'
import { forModelProxy } from './metering.ts'

type Meter = Parameters<typeof forModelProxy>[0]

/** What the log is told when a budget of this kind is nearly spent. */
async function warningOf(limit: 'session' | 'user' | 'agent' | 'day', key: string): Promise<NewEntry> {
  const entries: NewEntry[] = []
  const warnings = [{ limit, key, period: 'always', fraction: 0.8, crossed: 0.8 }]
  const meter = { reserve: () => ({ granted: true, id: 'a', maxOutputTokens: 100, warnings }) } as unknown as Meter
  const append = async (entry: NewEntry): Promise<never> => void entries.push(entry) as never
  await forModelProxy(meter, { append }, []).reserve({ provider: 'openai', maxOutputTokens: 100 } as never)
  return entries[0]!
}

describe('an alert about a budget', () => {
  it.each(['session', 'user'] as const)('of a %s says nothing that would take a telephone number off the machine', async (limit) => {
    const { reason, detail } = await warningOf(limit, 'agent:main:whatsapp:direct:+15550100')
    expect(reason).toBe(`80 % of the ${limit} budget is spent (always)`)
    expect(detail).toEqual({ crossed: 0.8, of: 'agent:main:whatsapp:direct:+15550100' })
  })

  it('names whom everybody knows', async () => {
    expect((await warningOf('agent', 'main')).reason).toBe('80 % of the agent budget of main is spent (always)')
    expect((await warningOf('day', '')).detail).toEqual({ crossed: 0.8 })
  })
})
