import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Entry } from '../../src/auditlog/index.ts'
import { chat, startSlowTurn } from './chat.ts'
import { command, ensureProven, guardPid } from './installation.ts'
import { entryThat, isProbe, logLength, readLog } from './log.ts'
import { isAlive } from './processes.ts'
import { sharedInstallation } from './shared.ts'
import { pause, until } from './wait.ts'

const shared = sharedInstallation()
beforeAll(async () => void (await ensureProven(shared)))
afterAll(async () => {
  await ensureProven(shared)
  await command(shared, ['agent', 'enable', 'main'])
  await command(shared, ['resume'])
})

describe('the kill switch', () => {
  it('cuts a running turn of a disabled agent, lets nothing of it pass later than a second after, and spares the others', async () => {
    const since = logLength(shared.log)
    const slow = await startSlowTurn(shared, 30)
    const thrown = await command(shared, ['agent', 'disable', 'main', '--reason', 'odd mails', '--json'])
    expect(thrown).toMatchObject({ status: 0 })
    expect(JSON.parse(thrown.out)).toMatchObject({ ok: true, cut: 1, disabledAgents: ['main'] })
    const turn = await slow.ended
    expect(turn.text.split('counting').length).toBeLessThan(100) // 30 s would be 150 pieces
    const refused = await until('a refusal in words', 20_000, async () => (await chat(shared, 'SAY:am I still there')).text || null)
    expect(refused).toMatch(/Refused by Hardshell: .*main.* \(rule kill-switch\.agent-disabled/)
    expect((await chat(shared, 'SAY:the other works', { agent: 'second' })).text).toBe('the other works')
    await pause(1500)
    expect(lateActs(since, 'main')).toEqual([])
    const switched = await entryThat(shared.log, since, (e) => e.rule === 'kill-switch.agent-disabled' && e.event_type === 'kill_switch')
    expect(switched).toMatchObject({ agent_id: 'main', reason: 'odd mails' })
  })

  it('still stands after kill -9 of the guard and a new start, and enable ends it', async () => {
    await command(shared, ['agent', 'disable', 'main'])
    const pid = guardPid(shared)!
    process.kill(pid, 'SIGKILL')
    await until('the end of the guard', 5000, () => !isAlive(pid))
    const status = await ensureProven(shared)
    expect(status.disabledAgents).toEqual(['main'])
    expect((await chat(shared, 'SAY:back again')).text).toContain('rule kill-switch.agent-disabled')
    const enabled = await command(shared, ['agent', 'enable', 'main'])
    expect(enabled).toMatchObject({ status: 0, out: 'agent main is enabled\n' })
    expect((await chat(shared, 'SAY:back again')).text).toBe('back again')
  })

  it('pauses every agent in mid-turn and lets them go on after resume, proofs included all the while', async () => {
    const since = logLength(shared.log)
    const [main, second] = [await startSlowTurn(shared, 30), await startSlowTurn(shared, 30, { agent: 'second' })]
    const paused = await command(shared, ['pause', '--all', '--json'])
    expect(JSON.parse(paused.out)).toMatchObject({ ok: true, cut: 2, paused: { reason: 'no reason given' } })
    const turns = [await main.ended, await second.ended]
    for (const turn of turns) expect(turn.text.split('counting').length).toBeLessThan(100)
    for (const agent of ['main', 'second']) {
      // The guard also aborts the sessions inside the gateway; a turn that begins in that moment ends without a word.
      const refused = await until('a refusal in words', 20_000, async () => (await chat(shared, 'SAY:x', { agent })).text || null)
      expect(refused).toContain('rule kill-switch.paused')
    }
    const proven = await command(shared, ['prove', '--json'])
    expect(proven, 'a paused guard still proves itself').toMatchObject({ status: 0 })
    expect([...lateActs(since, 'main'), ...lateActs(since, 'second')]).toEqual([])
    expect((await command(shared, ['resume'])).status).toBe(0)
    expect((await chat(shared, 'SAY:going on')).text).toBe('going on')
  })
})

/** Model and tool calls of an agent that were allowed later than one second after its switch was thrown. */
function lateActs(since: number, agentId: string): Entry[] {
  const entries = readLog(shared.log).filter(({ seq }) => seq >= since)
  const switched = entries.find((e) => e.event_type === 'kill_switch')
  if (!switched) throw new Error('the switch is not in the log')
  const deadline = Date.parse(switched.timestamp) + 1000
  const acts = entries.filter((e) => e.agent_id === agentId && !isProbe(e) && (e.event_type === 'model_request' || e.event_type === 'tool_call'))
  if (!acts.some((e) => e.decision === 'allow')) throw new Error('no act before the switch: nothing would be shown')
  return acts.filter((e) => e.decision === 'allow' && Date.parse(e.timestamp) > deadline)
}
