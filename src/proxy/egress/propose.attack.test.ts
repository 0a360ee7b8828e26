import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Entry } from '../../auditlog/index.ts'
import { proposePolicy } from './propose.ts'
import type { RuleOptions } from './rules.ts'

// A proposal is read by a tired person and put in force: it must not be wider than what is in force.
const base: RuleOptions = { mode: 'enforce', allowedHosts: [], deniedHosts: ['*'], agents: {}, skills: {} }

function entry(user: string, target: string): Entry {
  return { seq: 0, timestamp: '2026-11-21T10:00:00.000Z', prev_hash: '', event_type: 'egress_request', user, target, decision: 'allow', rule: 'egress.allowed-host', duration_ms: 1 }
}

async function proposed(entries: Entry[], now: Partial<RuleOptions>): Promise<Record<string, unknown>> {
  return (parse((await proposePolicy(entries, { ...base, ...now })).yaml) as { egress: Record<string, unknown> }).egress
}

describe('a proposal keeps methods, paths and protocol', () => {
  it.each([
    ['of a wildcard', { host: '*.example.com', methods: ['GET'] }, 'api.example.com:443', { host: 'api.example.com', methods: ['GET'] }],
    ['of an entry with the port of the web', { host: 'api.example.com:443', paths: ['/v1/'] }, 'api.example.com:443', { host: 'api.example.com:443', paths: ['/v1/'] }],
    ['of an entry in capitals', { host: 'API.example.com', methods: ['GET'] }, 'api.example.com:443', { host: 'api.example.com', methods: ['GET'] }],
    ['of a wildcard with a port', { host: '*.example.com:5432', protocol: 'tcp' as const }, 'db.example.com:5432', { host: 'db.example.com:5432', protocol: 'tcp' }],
  ])('%s', async (_, written, target, kept) => {
    expect(await proposed([entry('gateway', target)], { allowedHosts: [written] })).toMatchObject({ allowed_hosts: [kept] })
  })

  it('of everybody’s list when only one agent used it', async () => {
    const now = { allowedHosts: [{ host: 'api.example.com', methods: ['GET'] }] }
    expect(await proposed([entry('agent.main', 'api.example.com:443')], now)).toMatchObject({ agents: { main: { allowed_hosts: [{ host: 'api.example.com', methods: ['GET'] }] } } })
  })
})

describe('a section of a proposal', () => {
  it('is one for an agent, in whatever case it is written, so that its denials stay', async () => {
    const now = { agents: { Research: { allowedHosts: ['a.example'], deniedHosts: ['*'] } } }
    expect(await proposed([entry('agent.research', 'a.example:443')], now)).toMatchObject({ agents: { Research: { allowed_hosts: ['a.example'], denied_hosts: ['*'] } } })
    expect(Object.keys((await proposed([entry('agent.research', 'a.example:443')], now))['agents'] as object)).toEqual(['Research'])
  })

  it.each(['1e3', '0x10', '007', 'null', 'true', 'constructor'])('is for the agent %j and no other', async (name) => {
    expect(await proposed([entry(`agent.${name}`, 'a.example:443')], {})).toMatchObject({ agents: { [name]: { allowed_hosts: ['a.example'] } } })
    expect((await proposePolicy([entry(`agent.${name}`, 'a.example:443')], base)).yaml).not.toContain('undefined')
  })
})

it.each(['a.example:443\n  mode: learn', '"]:443', 'a.example:443 # x', '__proto__:443', 'x\u0085y:443'])('a target that is none is left out: %j', async (target) => {
  const egress = await proposed([entry('gateway', target), entry('agent.x\n    y', 'a.example:443'), entry('skill.__proto__.x', 'a.example:443')], {})
  expect(egress).toEqual({ mode: 'enforce', allowed_hosts: target.startsWith('__proto__') ? ['__proto__'] : [], denied_hosts: ['*'] })
})
