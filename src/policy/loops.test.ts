import { describe, expect, it } from 'vitest'
import { createLoopWatch, type LoopCall } from './loops.ts'

const limits = { identicalCalls: 3, identicalRequests: 3, actionsPerMinute: 10, turnsPerTask: 5, handOffs: 4 }
const call = (more: Partial<LoopCall> = {}): LoopCall => ({ tool: 'read', fingerprint: 'f', sessionKey: 's', rootSessionKey: 's', ...more })
const request = (runId: string, fingerprint: string | null = null) => ({ runId, sessionKey: 's', fingerprint })
const seconds = (n: number): number => n * 1000

describe('a guard against loops', () => {
  it('lets the same call pass as often as the limit says, and refuses the next one', () => {
    const watch = createLoopWatch(limits)
    for (let i = 0; i < 3; i++) expect(watch.tool(call(), seconds(i))).toBeNull()
    expect(watch.tool(call(), seconds(4))).toMatchObject({
      allow: false,
      rule: 'loop.identical-calls',
      reason: expect.stringMatching(/same call of read .* loops\.identical_calls in config\.yaml/),
    })
  })

  it('keeps refusing an agent that does not stop, and forgets one that does', () => {
    const watch = createLoopWatch(limits)
    for (let i = 0; i < 20; i++) watch.tool(call(), seconds(i * 60))
    expect(watch.tool(call(), seconds(20 * 60))?.rule).toBe('loop.identical-calls')
    expect(watch.tool(call(), seconds(20 * 60 + 1201))).toBeNull()
  })

  it('does not take different arguments, other sessions or the wrapper of tool search for the same call', () => {
    const watch = createLoopWatch({ ...limits, actionsPerMinute: 1000 })
    for (let i = 0; i < 9; i++) {
      expect(watch.tool(call({ fingerprint: `${i}` }), 0)).toBeNull()
      expect(watch.tool(call({ sessionKey: `s${i}` }), 0)).toBeNull()
      expect(watch.tool(call({ tool: 'tool_call' }), 0)).toBeNull()
    }
  })

  it('counts the calls of all sub-agents of a session together', () => {
    const watch = createLoopWatch(limits)
    const at = (i: number): LoopCall => call({ fingerprint: String(i), sessionKey: `sub-${i}`, rootSessionKey: 'root' })
    for (let i = 0; i < 10; i++) expect(watch.tool(at(i), seconds(i))).toBeNull()
    expect(watch.tool(at(10), seconds(10))?.rule).toBe('loop.actions-per-minute')
    expect(watch.tool(at(11), seconds(130))).toBeNull()
  })

  it('stops two sessions that hand work to each other for ever', () => {
    const watch = createLoopWatch(limits)
    const ping = (i: number): LoopCall => call({ tool: 'sessions_send', fingerprint: String(i), sessionKey: i % 2 ? 'a' : 'b', rootSessionKey: 'a' })
    for (let i = 0; i < 4; i++) expect(watch.tool(ping(i), seconds(20 * i))).toBeNull()
    expect(watch.tool(ping(4), seconds(80))?.rule).toBe('loop.hand-offs')
  })

  it('ends a task that asks a model more often than a task may', () => {
    const watch = createLoopWatch(limits)
    for (let i = 0; i < 5; i++) expect(watch.model(request('run'), seconds(i * 30))).toBeNull()
    expect(watch.model(request('run'), seconds(160))).toMatchObject({ rule: 'loop.turns-per-task', reason: expect.stringContaining('6 times') })
    expect(watch.model(request('other'), seconds(160))).toBeNull()
  })

  it('ends a session that asks a model the same again and again, whatever it calls its runs', () => {
    const watch = createLoopWatch(limits)
    for (let i = 0; i < 3; i++) expect(watch.model(request(`run-${i}`, 'same'), seconds(i))).toBeNull()
    expect(watch.model(request('run-3', 'same'), seconds(4))).toMatchObject({ rule: 'loop.identical-requests', reason: expect.stringContaining('loops.identical_requests') })
    expect(watch.model(request('run-4', 'other'), seconds(5))).toBeNull()
    expect(watch.model({ ...request('run-5', 'same'), sessionKey: 'another' }, seconds(5))).toBeNull()
  })

  it('keeps a bounded number of names, the newest', () => {
    const watch = createLoopWatch({ ...limits, turnsPerTask: 1 })
    watch.model(request('first'), 0)
    for (let i = 0; i < 20_000; i++) watch.model(request(`run-${i}`), 0)
    expect(watch.model(request('first'), 0)).toBeNull()
    expect(watch.model(request('run-19999'), 0)?.rule).toBe('loop.turns-per-task')
  })
})
