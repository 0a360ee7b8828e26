import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readJson5 } from '../../src/openclaw/index.ts'
import { chat, startSlowTurn } from './chat.ts'
import { hardshell } from './command.ts'
import { command, ensureProven, environment, gatewayUid, guardPid, statusOf, stopGuard } from './installation.ts'
import { entryThat, isProbe, logLength, readLog } from './log.ts'
import { askTunnel, isOpen } from './ports.ts'
import { isAlive, processesOf } from './processes.ts'
import { sharedInstallation } from './shared.ts'
import { until } from './wait.ts'

const shared = sharedInstallation()
beforeAll(async () => void (await ensureProven(shared)))
afterAll(async () => void (await ensureProven(shared)))

describe('kill -9 of the gateway in mid-turn', () => {
  it('closes the paths, is told by status and on record, and ends in a new gateway that is proven again', async () => {
    const since = logLength(shared.log)
    const before = (await statusOf(shared))!.gateway
    const slow = await startSlowTurn(shared, 30)
    process.kill(before.pid!, 'SIGKILL')
    const down = await until('a status that says so', 5000, async () => {
      const status = await statusOf(shared)
      return status?.gateway.state === 'restarting' ? status : null
    })
    expect(down.ok).toBe(false)
    expect(down.surfaces.filter(({ ok }) => ok)).toEqual([])
    expect(down.surfaces[0]!.detail).toContain('the gateway ended')
    expect((await command(shared, ['status'])).status).toBe(1)
    expect(await askTunnel(shared.ports.egress, 'example.com:443')).toMatch(/ 403 /)
    await entryThat(shared.log, since, (e) => e.target === 'example.com:443' && e.rule === 'proof.stale')
    expect((await slow.ended).whole).toBe(false)
    const status = await ensureProven(shared)
    expect(status.gateway).toMatchObject({ state: 'ready', restarts: before.restarts + 1 })
    expect(status.gateway.pid).not.toBe(before.pid)
    expect((await chat(shared, 'SAY:risen')).text).toBe('risen')
    await entryThat(shared.log, since, (e) => e.event_type === 'lifecycle' && (e.reason ?? '').includes('the gateway ended'))
    expect(allowedWhileUnproven(since)).toEqual([])
  })
})

describe('kill -9 of the guard in mid-turn', () => {
  it('takes the gateway with it, leaves no port open and loses no line that was acknowledged', async () => {
    const slow = await startSlowTurn(shared, 30)
    const pid = guardPid(shared)!
    process.kill(pid, 'SIGKILL')
    const before = readFileSync(shared.log) // whatever anybody was told stands on disk by now
    await until('the end of the guard', 5000, () => !isAlive(pid))
    expect((await slow.ended).whole).toBe(false)
    await until('the end of every process of the gateway', 10_000, () => processesOf(gatewayUid(shared)).length === 0)
    for (const port of Object.values(shared.ports)) expect(await isOpen(port), `port ${port}`).toBe(false)
    expect((await command(shared, ['status'])).status, 'nobody to ask').toBe(4)
    const offline = await command(shared, ['audit', 'verify', '--json'])
    expect(JSON.parse(offline.out), 'verifies as it was left').toMatchObject({ ok: true, firstBad: null })

    await ensureProven(shared)
    const whole = before.subarray(0, before.lastIndexOf('\n') + 1)
    expect(readFileSync(shared.log).subarray(0, whole.length).equals(whole)).toBe(true)
    const verified = await command(shared, ['audit', 'verify', '--json'])
    expect(verified.status).toBe(0)
    expect(JSON.parse(verified.out)).toMatchObject({ ok: true, firstBad: null })
    expect((await chat(shared, 'SAY:risen')).text).toBe('risen')
  })

  it('leaves the paths closed until the new guard has proven itself', async () => {
    const since = logLength(shared.log)
    const pid = guardPid(shared)!
    process.kill(pid, 'SIGKILL')
    await until('the end of every process of the gateway', 10_000, () => !isAlive(pid) && processesOf(gatewayUid(shared)).length === 0)
    const starting = ensureProven(shared)
    await until('the egress proxy', 60_000, () => isOpen(shared.ports.egress))
    expect(await askTunnel(shared.ports.egress, 'example.com:443')).toMatch(/ 403 /)
    const refused = await modelCall()
    expect(refused.status).toBe(200) // to OpenClaw a refusal is an answer, or its key goes on ice
    expect(refused.text).toContain('Refused by Hardshell')
    await starting
    await entryThat(shared.log, since, (e) => e.target === 'example.com:443' && e.rule === 'proof.stale')
  })
})

describe("another program on the gateway's port", () => {
  it('is not taken for our gateway: the guard does not start, says why, and starts when it is gone', async () => {
    await stopGuard(shared)
    const stranger = createServer((_, reply) => reply.end('{"ready":true}'))
    await new Promise<void>((resolve) => stranger.listen(shared.ports.gateway, '127.0.0.1', resolve))
    const started = await hardshell(['start', '--once', '--json', '--state', shared.state, '--config', shared.config], { env: environment(shared, shared.env) })
    await new Promise<void>((resolve) => stranger.close(() => resolve()))
    expect(started.status).toBe(3)
    expect(JSON.parse(started.out)).toMatchObject({ ok: false, error: { code: 'guard.port-in-use', message: expect.stringContaining(String(shared.ports.gateway)) } })
    expect(processesOf(gatewayUid(shared)), 'nothing of it is left').toEqual([])
    expect(await ensureProven(shared)).toMatchObject({ ok: true, gateway: { restarts: 0 } })
  })
})

/** A model request as a run without the plugin would make it. */
async function modelCall(): Promise<{ status: number; text: string }> {
  const config = readJson5(readFileSync(`${shared.state}/openclaw/config/openclaw.json`, 'utf8')) as { models: { providers: { openai: { apiKey: string } } } }
  const reply = await fetch(`http://127.0.0.1:${shared.ports.model}/p/openai/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${config.models.providers.openai.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-5-mini', max_tokens: 10, messages: [{ role: 'user', content: 'SAY:x' }] }),
  })
  return { status: reply.status, text: await reply.text() }
}

/** Acts of agents that were allowed between the gateway's end and the guard's next complete round of proofs. */
function allowedWhileUnproven(since: number): number[] {
  const entries = readLog(shared.log).filter(({ seq }) => seq >= since)
  const down = entries.findIndex((e) => (e.reason ?? '').includes('the gateway ended'))
  const proven = entries.findIndex((e, i) => i > down && e.event_type === 'proof' && e.surface === 'audit-log' && e.decision === 'allow')
  if (down < 0 || proven < 0) throw new Error('the log tells no crash and no proof after it')
  const acts = entries.slice(down, proven).filter((e) => e.decision === 'allow' && ['model_request', 'tool_call', 'egress_request'].includes(e.event_type))
  return acts.filter((e) => !isProbe(e)).map(({ seq }) => seq)
}
