import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Status } from '../../src/control/index.ts'
import { pinnedOpenClaw } from '../../src/openclaw/index.ts'
import { Agent } from '../../src/sdk/index.ts'
import { chat, operatorToken } from './chat.ts'
import { hardshell, type Ended } from './command.ts'
import { ensureProven, environment, gatewayUid, guardPid, newInstallation, removeInstallation, stopGuard, writeSettings, type Installation } from './installation.ts'
import { entryThat, isProbe, readLog } from './log.ts'
import { isOpen } from './ports.ts'
import { isAlive, processesOf } from './processes.ts'
import { pause } from './wait.ts'

const surfaces = ['ingress', 'model-key', 'budget', 'redaction', 'canary', 'tool-call', 'egress', 'dns', 'sandbox', 'audit-log']
let installation: Installation
beforeAll(async () => void (installation = await newInstallation('first-start')))
afterAll(async () => await removeInstallation(installation))

const startOnce = async (): Promise<Ended> =>
  await hardshell(['start', '--once', '--json', '--state', installation.state, '--config', installation.config], { env: environment(installation), cwd: installation.root })

describe('the first start on an empty folder, without a provider key', () => {
  let ended: Ended
  let said: Status
  beforeAll(async () => {
    ended = await startOnce()
    expect(ended.status, ended.err).toBe(0)
    said = JSON.parse(ended.out) as Status // one document and nothing else, or this throws
  })

  it('says on stdout that every surface is proven, and talks on stderr', () => {
    expect(said).toMatchObject({ ok: true, gateway: { version: pinnedOpenClaw } })
    expect(said.surfaces.map(({ id }) => id)).toEqual(surfaces)
    for (const { id, ok, provenAt, detail } of said.surfaces) {
      expect({ id, ok, detail }).toEqual({ id, ok: true, detail: expect.stringMatching(/./) })
      expect(Date.now() - Date.parse(provenAt!), id).toBeLessThan(170_000)
    }
    expect(ended.err).toContain('attacking every surface')
  })

  it("leaves nothing critical in OpenClaw's own audit, which is no worse than before", () => {
    const { before, after } = said.audit
    expect(after).toMatchObject({ critical: 0 })
    expect(after!.warn).toBeLessThanOrEqual(before!.warn)
    expect(before!.critical).toBeGreaterThan(0)
  })

  it('leaves nothing running and no port open', async () => {
    expect(processesOf(gatewayUid(installation))).toEqual([])
    expect(isAlive(said.gateway.pid!)).toBe(false)
    for (const port of Object.values(installation.ports)) expect(await isOpen(port), `port ${port}`).toBe(false)
  })

  it('has a proof and a start of the gateway on record, and nothing of the probe in the chats', async () => {
    const entries = readLog(installation.log)
    for (const surface of surfaces) expect(entries.some((e) => e.event_type === 'proof' && e.surface === surface && e.decision === 'allow'), surface).toBe(true)
    // The proof of canaries is an alert about the probe, every time.
    expect(entries.filter((e) => e.event_type === 'alert' && !isProbe(e))).toEqual([])
    expect((await hardshell(['audit', 'verify', '--state', installation.state])).status).toBe(0)
    expect(statSync(join(installation.state, 'guard')).mode & 0o777).toBe(0o700)
  })
})

describe('the second start', () => {
  beforeAll(async () => void (await ensureProven(installation)))

  it('answers a streamed turn with the built-in model, at no cost', async () => {
    const turn = await chat(installation, 'SAY:hello from a machine without any key')
    expect(turn).toMatchObject({ status: 200, whole: true, text: 'hello from a machine without any key' })
    const outcome = await entryThat(installation.log, 0, (e) => e.event_type === 'model_request' && !isProbe(e) && e.agent_id === 'main' && e.status === 200)
    expect(outcome).toMatchObject({ cost_micro_usd: 0, model: expect.stringContaining('scripted') })
    expect((await chat(installation, 'who are you?')).text).toContain('I am the scripted model built into Hardshell')
  })

  it('lets a program that names no agent talk to the one there is', async () => {
    const agent = new Agent({ url: `http://127.0.0.1:${installation.ports.ingress}`, token: operatorToken(installation) })
    expect(await agent.run('SAY:to whom it may concern')).toBe('to whom it may concern')
  })

  it('refuses a third on the same folder, and says so', async () => {
    const third = await startOnce()
    expect(third.status).toBe(5)
    expect(JSON.parse(third.out)).toMatchObject({ ok: false, error: { code: 'guard.already-running' } })
    expect(guardPid(installation)).not.toBeNull()
  })

  it('ends within seconds when it is asked to, and takes everything with it', async () => {
    const pid = guardPid(installation)!
    await stopGuard(installation)
    expect(isAlive(pid)).toBe(false)
    await pause(500)
    expect(processesOf(gatewayUid(installation))).toEqual([])
    for (const port of Object.values(installation.ports)) expect(await isOpen(port), `port ${port}`).toBe(false)
  })
})

describe('a provider that is configured after the first start', () => {
  it('is the one OpenClaw uses from then on', async () => {
    const provider = 'models:\n  providers:\n    local:\n      api: openai-completions\n      base_url: http://127.0.0.1:9/v1\n      models: [one]\nbudgets:\n  unknown_model: ceiling\n'
    writeSettings(installation, provider)
    await ensureProven(installation)
    const config = readFileSync(join(installation.state, 'openclaw/config/openclaw.json'), 'utf8')
    expect(config).toContain('/p/local/v1')
    const turn = await chat(installation, 'SAY:this one is not the scripted model')
    expect(turn.text).not.toBe('this one is not the scripted model')
    await entryThat(installation.log, 0, (e) => e.event_type === 'model_request' && e.agent_id === 'main' && e.detail?.['provider'] === 'local')
  })
})
