import { describe, expect, it } from 'vitest'
import { createLineage, originOf } from './lineage.ts'

describe('the lineage of sessions', () => {
  it('leads every sub-agent back to the session its family began with', () => {
    const lineage = createLineage()
    lineage.spawned('agent:main:subagent:1', 'agent:main:main')
    lineage.spawned('agent:main:subagent:2', 'agent:main:subagent:1')
    expect(lineage.rootOf('agent:main:subagent:2')).toBe('agent:main:main')
    expect(lineage.rootOf('agent:main:main')).toBe('agent:main:main')
  })

  it('puts sub-agents whose parents nobody named under one root, so that each has no budget of its own', () => {
    const lineage = createLineage()
    expect(lineage.rootOf('agent:main:subagent:1')).toBe('agent:main:subagent')
    expect(lineage.rootOf('agent:main:subagent:2')).toBe('agent:main:subagent')
  })

  it('holds to the first parent it was told, and ends a circle', () => {
    const lineage = createLineage()
    lineage.spawned('agent:main:subagent:1', 'agent:main:main')
    lineage.spawned('agent:main:subagent:1', 'agent:main:telegram:direct:7')
    expect(lineage.rootOf('agent:main:subagent:1')).toBe('agent:main:main')
    lineage.spawned('agent:main:subagent:a', 'agent:main:subagent:b')
    lineage.spawned('agent:main:subagent:b', 'agent:main:subagent:a')
    expect(lineage.rootOf('agent:main:subagent:a')).toBe('agent:main:subagent')
  })
})

describe('the origin of a turn', () => {
  it('is what the hook says, or else what the key of the first session says', () => {
    const lineage = createLineage()
    lineage.spawned('agent:main:subagent:1', 'agent:main:telegram:direct:7')
    expect(originOf({ sessionKey: 'agent:main:subagent:1' }, lineage)).toEqual({
      rootSessionKey: 'agent:main:telegram:direct:7',
      user: '7',
      channel: 'telegram',
      cronJob: null,
    })
    expect(originOf({ sessionKey: 'agent:main:main', sender: 'ann', channel: 'slack', jobId: null }, lineage)).toMatchObject({
      user: 'ann',
      channel: 'slack',
    })
    expect(originOf({ sessionKey: 'agent:main:cron:nightly:run:1' }, lineage).cronJob).toBe('nightly')
  })
})
