import { describe, expect, it, beforeAll } from 'vitest'
import { Agent } from '../../src/sdk/index.ts'
import { chat, operatorToken } from './chat.ts'
import { ensureProven } from './installation.ts'
import { entryThat, isProbe, logLength, readLog } from './log.ts'
import { sharedInstallation } from './shared.ts'

const shared = sharedInstallation()
beforeAll(async () => void (await ensureProven(shared)))

describe('a chat turn', () => {
  it.each(['main', 'second'])('of agent %s streams from the model to the person, and its decision stands in the log before its outcome', async (agent) => {
    const since = logLength(shared.log)
    const turn = await chat(shared, `SAY:the quick brown fox says hello to ${agent} through every door`, { agent })
    expect(turn).toMatchObject({ status: 200, whole: true, text: `the quick brown fox says hello to ${agent} through every door` })
    const outcome = await entryThat(shared.log, since, (e) => e.event_type === 'model_request' && !isProbe(e) && e.agent_id === agent && e.status === 200)
    const entries = readLog(shared.log).filter(({ visit }) => visit === outcome.visit)
    expect(entries.map(({ decision, status }) => ({ decision, status }))).toEqual([
      { decision: 'allow', status: undefined },
      { decision: undefined, status: 200 },
    ])
    for (const entry of entries) {
      expect(entry).toMatchObject({ agent_id: agent, user: 'gateway', trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) })
      expect(entry.session).toContain(`agent:${agent}:`)
    }
    expect(outcome).toMatchObject({ tokens_used: 520, cost_micro_usd: expect.any(Number) })
    expect(outcome.cost_micro_usd).toBeGreaterThan(0)
  })

  it('arrives in pieces while the model is still speaking', async () => {
    const arrivals: number[] = []
    const turn = await chat(shared, 'SLOW:3 tick', { onPiece: () => arrivals.push(performance.now()) })
    expect(turn.whole).toBe(true)
    expect(turn.pieces).toBeGreaterThan(3)
    expect(arrivals.at(-1)! - arrivals[0]!).toBeGreaterThan(1000) // an answer held back until it is whole arrives at once
  })

  it('leaves a decision and an outcome of the front door too, under the visit the person was told', async () => {
    const turn = await chat(shared, 'SAY:hello')
    await entryThat(shared.log, 0, (e) => e.visit === turn.visit && e.status === 200)
    const entries = readLog(shared.log).filter(({ visit }) => visit === turn.visit)
    expect(entries.map(({ status }) => status)).toEqual([undefined, 200]) // a decision has no status yet
    for (const entry of entries) expect(entry).toMatchObject({ event_type: 'api_request', user: 'operator', decision: 'allow' })
  })

  it('works from a program that uses the library', async () => {
    const agent = new Agent({ url: `http://127.0.0.1:${shared.ports.ingress}`, token: operatorToken(shared), agent: 'main' })
    expect(await agent.run('SAY:hello from a program')).toBe('hello from a program')
    let text = ''
    for await (const piece of agent.stream('SAY:hello in pieces')) text += piece
    expect(text).toBe('hello in pieces')
  })

  it('works from a program that is told nothing but the state folder', async () => {
    const ports = { env: { HARDSHELL_STATE: shared.state }, home: '/nonexistent', isRoot: true, read: readOrNull }
    expect(await new Agent({ agent: 'main' }, ports).run('SAY:found the door')).toBe('found the door')
  })

  it('of a program that names an agent reaches that agent', async () => {
    const since = logLength(shared.log)
    const agent = new Agent({ url: `http://127.0.0.1:${shared.ports.ingress}`, token: operatorToken(shared), agent: 'second' })
    expect(await agent.run('SAY:I am the second')).toBe('I am the second')
    // OpenClaw also asks a model of its own choosing for a title, as another agent perhaps.
    const entry = await entryThat(shared.log, since, (e) => e.event_type === 'model_request' && !isProbe(e) && e.agent_id === 'second' && e.decision === 'allow')
    expect(entry).toMatchObject({ agent_id: 'second', model: expect.stringContaining('claude-haiku-4-5') })
  })
})

async function readOrNull(path: string): Promise<string | null> {
  const { readFile } = await import('node:fs/promises')
  return await readFile(path, 'utf8').catch(() => null)
}
