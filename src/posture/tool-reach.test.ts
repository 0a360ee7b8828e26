import { describe, expect, it } from 'vitest'
import { agentsOf, scopesOf } from './agent-scopes.ts'
import { reaches, reachesAnything } from './tool-reach.ts'

const reached = (value: Record<string, unknown>, tools: string[], agent: string | null = null): string[] =>
  reaches({ value }, scopesOf({ value }).find((scope) => scope.agent === agent)!, tools)

describe('what an agent may call', () => {
  it('is everything when nothing is said', () => {
    expect(reached({}, ['exec', 'read', 'gateway'])).toEqual(['exec', 'read', 'gateway'])
    expect(reachesAnything({ value: {} }, scopesOf({ value: {} })[0]!)).toBe(true)
  })

  it('is what the profile holds, and a denial beats it', () => {
    expect(reached({ tools: { profile: 'messaging' } }, ['exec', 'message', 'gateway'])).toEqual(['message', 'gateway'])
    expect(reached({ tools: { profile: 'messaging', deny: ['group:automation'] } }, ['message', 'gateway'])).toEqual(['message'])
  })

  it('knows tools by older names, and patterns', () => {
    expect(reached({ tools: { deny: ['bash', 'cron', 'session*'] } }, ['exec', 'automations', 'sessions_spawn', 'read'])).toEqual(['read'])
    expect(reached({ tools: { deny: ['a*b*c'] } }, ['abc', 'axxbxxc', 'acb', 'ab'])).toEqual(['acb', 'ab'])
  })

  it('lets an empty allow list allow everything, as OpenClaw does', () => {
    expect(reached({ tools: { allow: [] } }, ['exec'])).toEqual(['exec'])
  })

  it('adds what is also allowed to the profile, and to everything where there is no other list', () => {
    expect(reached({ tools: { profile: 'messaging', alsoAllow: ['exec'] } }, ['exec', 'read'])).toEqual(['exec'])
    expect(reached({ tools: { alsoAllow: ['notes'] } }, ['exec', 'notes'])).toEqual(['exec', 'notes'])
  })

  it('lets an agent narrow the lists of all and replace the profile', () => {
    const value = { tools: { profile: 'minimal', deny: ['gateway'] }, agents: { list: [{ id: 'ops', tools: { profile: 'coding', deny: ['write'] } }] } }
    expect(reached(value, ['exec', 'gateway', 'write', 'read'], 'ops')).toEqual(['exec', 'read'])
    expect(reached(value, ['exec', 'session_status'])).toEqual(['session_status'])
  })

  it('takes a patch for a write', () => {
    expect(reached({ tools: { allow: ['write'] } }, ['apply_patch', 'edit'])).toEqual(['apply_patch'])
  })

  it('is narrowed by the sandbox only where every session is in it', () => {
    const sandbox = (mode: string): Record<string, unknown> => ({ agents: { defaults: { sandbox: { mode } } } })
    expect(reached(sandbox('all'), ['exec', 'browser', 'message'])).toEqual(['exec'])
    expect(reached(sandbox('non-main'), ['exec', 'browser', 'message'])).toEqual(['exec', 'browser', 'message'])
    expect(reached({ ...sandbox('all'), tools: { sandbox: { tools: { alsoAllow: ['browser'] } } } }, ['exec', 'browser'])).toEqual(['exec', 'browser'])
  })
})

describe('the roster', () => {
  it('is read as entries or as a list, entries first, and nonsense is nobody', () => {
    expect(agentsOf({ value: { agents: { entries: { a: {}, b: 3 }, list: [{ id: 'c' }] } } }).map(({ agent }) => agent)).toEqual(['a'])
    expect(agentsOf({ value: { agents: { list: [{ id: 'c' }, { name: 'no id' }, null] } } }).map(({ agent }) => agent)).toEqual(['c'])
    expect(agentsOf({ value: { agents: ['x'] } })).toEqual([])
  })
})
