import { describe, expect, it } from 'vitest'
import { readSessionKey } from './session-key.ts'

const nobody = { agentId: null, channel: null, user: null, cronJob: null, isSubagent: false }

describe('a session key', () => {
  it.each([
    ['agent:main:main', { agentId: 'main' }],
    ['agent:main:telegram:direct:111', { agentId: 'main', channel: 'telegram', user: '111' }],
    ['agent:main:direct:111', { agentId: 'main', user: '111' }],
    ['agent:main:telegram:work:direct:111', { agentId: 'main', channel: 'telegram', user: '111' }],
    ['agent:ops:slack:direct:u1:thread:17.5', { agentId: 'ops', channel: 'slack', user: 'u1' }],
    ['agent:ops:matrix:direct:@ann:example.org', { agentId: 'ops', channel: 'matrix', user: '@ann:example.org' }],
    ['agent:ops:slack:channel:C1', { agentId: 'ops', channel: 'slack' }],
    ['agent:main:cron:job-7:run:3', { agentId: 'main', cronJob: 'job-7' }],
    ['agent:main:subagent:6f2c', { agentId: 'main', isSubagent: true }],
    ['agent:main:cron:', { agentId: 'main' }],
  ])('%s tells who is behind the turn', (key, facts) => {
    expect(readSessionKey(key)).toEqual({ ...nobody, ...facts })
  })

  it.each(['', 'agent', 'agent:', 'agent::main', 'main', 'global', 'agent:x'])('%j tells nothing', (key) => {
    expect(readSessionKey(key)).toEqual(nobody)
  })
})
