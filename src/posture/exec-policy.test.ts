import { describe, expect, it } from 'vitest'
import { scopesOf } from './agent-scopes.ts'
import { commandsAreKept, execPolicy } from './exec-policy.ts'

const policy = (value: Record<string, unknown>, agent: string | null = null): ReturnType<typeof execPolicy> => execPolicy({ value }, scopesOf({ value }).find((scope) => scope.agent === agent)!)

describe('how far commands go', () => {
  it('is everywhere and unasked when nothing is written', () => {
    expect(policy({})).toEqual({ security: 'full', ask: 'off', host: 'auto', written: false })
  })

  it('is said by a mode before the older pair', () => {
    expect(policy({ tools: { exec: { mode: 'ask', security: 'full' } } })).toMatchObject({ security: 'allowlist', ask: 'on-miss', written: true })
    expect(policy({ tools: { exec: { mode: 'anything', security: 'deny' } } })).toMatchObject({ security: 'deny' })
  })

  it('is said by the agent first, key by key', () => {
    const value = { tools: { exec: { security: 'allowlist', ask: 'always' } }, agents: { entries: { ops: { tools: { exec: { security: 'full' } } } } } }
    expect(policy(value, 'ops')).toMatchObject({ security: 'full', ask: 'always' })
  })

  it('ends at the sandbox only where commands are not sent out of it', () => {
    const kept = (host?: string): boolean => {
      const value = { tools: { exec: { host } }, agents: { defaults: { sandbox: { mode: 'all' } } } }
      return commandsAreKept({ value }, scopesOf({ value })[0]!)
    }
    expect([kept(), kept('auto'), kept('sandbox'), kept('gateway'), kept('node')]).toEqual([true, true, true, false, false])
  })
})
