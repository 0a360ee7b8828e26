import { describe, expect, it } from 'vitest'
import type { Act } from './act.ts'
import { decide, type PolicyFacts } from './decide.ts'
import { expandToolGroups } from './tool-groups.ts'

const facts: PolicyFacts = { stopped: null, unproven: null, isProbe: false, forbiddenNonces: [], deniedTools: new Set() }
const tool = (name: string, args: unknown = {}): Act => ({ kind: 'call-tool', tool: name, args, agentId: 'main', sessionKey: 's', traceId: null })
const model: Act = { kind: 'call-model', model: 'm', provider: 'p', agentId: 'main', sessionKey: 's', runId: 'r', fingerprint: null }

describe('decide', () => {
  it('allows what no rule refuses', () => {
    expect(decide(tool('session_status'), facts)).toMatchObject({ allow: true, rule: 'default.allow' })
  })

  it('refuses every act of a stopped agent with the reason of the switch', () => {
    const stopped = { rule: 'kill-switch.paused', reason: 'paused by ana' }
    for (const act of [tool('message'), model]) expect(decide(act, { ...facts, stopped })).toEqual({ allow: false, ...stopped })
  })

  it('closes the paths while the guard is unproven, and names the command', () => {
    const answer = decide(model, { ...facts, unproven: 'tool call: no answer' })
    expect(answer).toMatchObject({ allow: false, rule: 'proof.stale' })
    expect(answer.reason).toContain('hardshell prove')
  })

  it('lets a proof through while the guard is unproven or paused, for else nothing could be proven', () => {
    const stopped = { rule: 'kill-switch.paused', reason: 'r' }
    expect(decide(model, { ...facts, unproven: 'x', stopped, isProbe: true }).allow).toBe(true)
  })

  it('refuses the call that carries a running nonce, wherever in the arguments', () => {
    const withNonce = { ...facts, forbiddenNonces: ['abc123'] }
    expect(decide(tool('session_status', { a: [{ b: 'x-abc123-y' }] }), withNonce).rule).toBe('proof.forbidden-nonce')
    expect(decide(tool('session_status', { a: 'other' }), withNonce).allow).toBe(true)
  })

  it('lets the wrapper of a nonced call pass, so that the inner call is what gets judged', () => {
    const withNonce = { ...facts, forbiddenNonces: ['abc123'] }
    expect(decide(tool('tool_call', { id: 'session_status', args: { a: 'abc123' } }), withNonce).allow).toBe(true)
  })

  it('refuses tools of the deny list, by name and by group', () => {
    const deniedTools = expandToolGroups(['group:fs', 'sessions_spawn'])
    for (const name of ['apply_patch', 'sessions_spawn']) {
      expect(decide(tool(name), { ...facts, deniedTools })).toMatchObject({ allow: false, rule: 'tools.deny' })
    }
    expect(decide(tool('message'), { ...facts, deniedTools }).allow).toBe(true)
  })

  it('refuses installs while the gateway runs', () => {
    expect(decide({ kind: 'install', what: 'skill', name: 'x', source: 'y' }, facts).rule).toBe('install.unscanned')
  })
})
