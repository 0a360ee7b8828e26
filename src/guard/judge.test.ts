import { describe, expect, it } from 'vitest'
import type { NewEntry } from '../auditlog/index.ts'
import type { PluginQuestion } from '../control/index.ts'
import { createLoopWatch } from '../policy/index.ts'
import type { Turn } from '../proxy/index.ts'
import { createLineage } from './lineage.ts'
import { createJudge, type JudgePorts } from './judge.ts'

const tool: PluginQuestion = {
  kind: 'tool', tool: 'message', args: { text: 'hello' }, agentId: 'main', sessionKey: 's', runId: 'r', traceId: 't', channel: 'webchat', sender: 'ana',
}

function world(more: Partial<JudgePorts> = {}) {
  const entries: NewEntry[] = []
  const turns: Turn[] = []
  const probes: boolean[] = []
  const judge = createJudge({
    audit: { append: async (entry) => (entries.push(entry), { seq: 0, hash: '' }) },
    turns: { announce: (turn) => void turns.push(turn), find: async () => null },
    facts: (_, isProbe) => (probes.push(isProbe), { stopped: null, unproven: null, isProbe, forbiddenNonces: [], deniedTools: new Set(['exec']) }),
    redact: (text) => text.replaceAll('hush', '[gone]'),
    judgeMessage: () => ({ signals: [] }),
    isProbe: (sessionKey) => sessionKey === 'the-probe',
    onHello: () => {},
    lineage: createLineage(),
    loops: createLoopWatch({ identicalCalls: 3, identicalRequests: 3, actionsPerMinute: 100, turnsPerTask: 100, handOffs: 100 }),
    clock: { now: () => 0, monotonicMs: () => 0 },
    ...more,
  })
  return { judge, entries, turns, probes }
}

describe('the judge', () => {
  it('answers with the decision it has written down', async () => {
    const { judge, entries } = world()
    expect(await judge.judge(tool)).toMatchObject({ allow: true, rule: 'default.allow' })
    expect(await judge.judge({ ...tool, tool: 'exec' })).toMatchObject({ allow: false, rule: 'tools.deny' })
    expect(entries.map(({ tool: name, decision, agent_id, user, trace_id }) => [name, decision, agent_id, user, trace_id])).toEqual([
      ['message', 'allow', 'main', 'ana', 't'], ['exec', 'deny', 'main', 'ana', 't'],
    ])
  })

  it('gives no answer while the decision is not on the disk', async () => {
    let written = (): void => {}
    const { judge } = world({ audit: { append: () => new Promise((resolve) => (written = () => resolve({ seq: 0, hash: '' }))) } })
    let answered = false
    const answer = judge.judge(tool).then(() => (answered = true))
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(answered).toBe(false)
    written()
    await answer
    expect(answered).toBe(true)
  })

  it('gives no answer at all when the log cannot be written: the line turns that into a refusal', async () => {
    const { judge } = world({ audit: { append: async () => Promise.reject(new Error('disk full')) } })
    await expect(judge.judge(tool)).rejects.toThrow('disk full')
  })

  it('refuses the call that makes a loop, and writes that down; a proof may repeat itself', async () => {
    const { judge, entries } = world()
    for (let i = 0; i < 3; i++) expect((await judge.judge(tool)).allow).toBe(true)
    expect(await judge.judge(tool)).toMatchObject({ allow: false, rule: 'loop.identical-calls' })
    expect(entries.at(-1)).toMatchObject({ tool: 'message', decision: 'deny', rule: 'loop.identical-calls' })
    expect((await judge.judge({ ...tool, args: { text: 'something else' } })).allow).toBe(true)
    for (let i = 0; i < 9; i++) expect((await judge.judge({ ...tool, sessionKey: 'the-probe' })).allow).toBe(true)
  })

  it('writes down what was asked for without its secrets, and not all of it', async () => {
    const { judge, entries } = world()
    await judge.judge({ ...tool, args: { key: 'hush', text: 'x'.repeat(1000) } })
    expect(entries[0]!.input_summary).toContain('[gone]')
    expect(entries[0]!.input_summary!.length).toBeLessThan(310)
  })

  it('takes only the session of a running proof for the probe', async () => {
    const { judge, probes } = world()
    await judge.judge(tool)
    await judge.judge({ ...tool, sessionKey: 'the-probe' })
    expect(probes).toEqual([false, true])
  })

  it('refuses an install and names what it was', async () => {
    const { judge, entries } = world()
    expect(await judge.judge({ kind: 'install', what: 'skill', name: 'evil', source: 'hub' })).toMatchObject({ allow: false, rule: 'install.unscanned' })
    expect(entries[0]).toMatchObject({ event_type: 'install', target: 'skill evil', decision: 'deny' })
  })

  it('puts an announced turn on the book and a message in the log, without its words', async () => {
    const { judge, turns, entries } = world()
    await judge.hear({ kind: 'spawned', childSessionKey: 'agent:main:subagent:1', parentSessionKey: 'agent:main:telegram:direct:7' })
    await judge.hear({ kind: 'announce', traceId: 't', agentId: 'main', sessionKey: 'agent:main:subagent:1', runId: 'r' })
    await judge.hear({ kind: 'message', direction: 'in', channel: 'telegram', sender: 'ana', sessionKey: 'agent:main:subagent:1', chars: 7 })
    await judge.hear({ kind: 'tool-done', tool: 'exec', agentId: 'main', sessionKey: 'agent:main:subagent:1', runId: 'r', durationMs: 5, error: 'hush not found' })
    const origin = { rootSessionKey: 'agent:main:telegram:direct:7', user: '7', channel: 'telegram', cronJob: null }
    expect(turns).toEqual([{ traceId: 't', agentId: 'main', sessionKey: 'agent:main:subagent:1', runId: 'r', origin }])
    expect(entries).toMatchObject([{ event_type: 'message', detail: { chars: 7 } }, { event_type: 'tool_call', result_summary: 'failed: [gone] not found' }])
  })
})
