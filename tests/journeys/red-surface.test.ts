import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest'
import type { Status } from '../../src/control/index.ts'
import { applyChanges, readJson5, valueAt } from '../../src/openclaw/index.ts'
import { chat } from './chat.ts'
import { command, ensureProven, statusOf, stopGuard } from './installation.ts'
import { entryThat, logLength } from './log.ts'
import { askTunnel } from './ports.ts'
import { sharedInstallation } from './shared.ts'
import { until } from './wait.ts'

const shared = sharedInstallation()
const configFile = join(shared.state, 'openclaw/config/openclaw.json')

beforeAll(async () => void (await ensureProven(shared)))
afterAll(async () => {
  await stopGuard(shared) // a start puts back what these tests took away
  await ensureProven(shared)
})

describe('a gateway whose configuration lost the plugin', () => {
  it.each([
    ['switched off', (plugins: Plugins) => void (plugins.entries['hardshell']!.enabled = false)],
    ['taken out altogether', (plugins: Plugins) => void Object.assign(plugins, { allow: [], load: { paths: [] }, entries: {} })],
  ])('turns the tool surface red within one pulse when it is %s, closes the paths, and is green again when it is put back', async (_, change) => {
    await ensureProven(shared)
    const since = logLength(shared.log)
    const whole = readFileSync(configFile, 'utf8')
    onTestFailed(() => writeFileSync(configFile, whole)) // the next test starts from a whole one
    const config = readJson5(whole) as { plugins: Plugins }
    change(config.plugins)
    writeFileSync(configFile, JSON.stringify(config))
    const red = await until('a red tool surface', 120_000, async () => {
      const status = await statusOf(shared)
      const tool = surface(status, 'tool-call')
      return tool && !tool.ok && /not stopped|ended early|did not run/.test(tool.detail) ? status! : null
    })
    expect(red.ok).toBe(false)
    const shown = await command(shared, ['status'])
    expect(shown.status).toBe(1)
    expect(shown.out).toContain('not proven')
    const alert = await entryThat(shared.log, since, (e) => e.event_type === 'alert' && e.surface === 'tool-call')
    expect(alert).toMatchObject({ severity: 'critical', rule: 'proof.failed' })
    expect(await askTunnel(shared.ports.egress, 'example.com:443')).toMatch(/ 403 /)
    await entryThat(shared.log, since, (e) => e.target === 'example.com:443' && e.rule === 'proof.stale')
    expect((await chat(shared, 'SAY:hello')).text).toMatch(/Refused by Hardshell|turn\.unannounced|proof\.stale/)

    writeFileSync(configFile, whole)
    const status = await ensureProven(shared)
    expect(surface(status, 'tool-call')).toMatchObject({ ok: true })
    expect((await chat(shared, 'SAY:green again')).text).toBe('green again')
  })
})

describe("the gateway's configuration", () => {
  it('is made whole by the next start, whatever was taken out of it', async () => {
    await stopGuard(shared)
    const whole = readFileSync(configFile, 'utf8')
    const config = readJson5(whole)
    onTestFailed(() => writeFileSync(configFile, whole)) // the next test starts from a whole one
    const weakened = [
      { at: ['plugins', 'entries', 'hardshell', 'enabled'], to: false },
      { at: ['tools', 'deny'], to: [] },
      { at: ['gateway', 'bind'], to: 'lan' },
      { at: ['plugins', 'allow'], to: [] },
      { at: ['proxy', 'proxyUrl'], to: 'http://127.0.0.1:9' },
    ].map(({ at, to }) => ({ at, to, from: valueAt(config, at) }))
    writeFileSync(configFile, applyChanges(whole, weakened))
    await ensureProven(shared)
    expect(readJson5(readFileSync(configFile, 'utf8'))).toEqual(config)
    expect(statSync(configFile)).toMatchObject({ uid: 0 })
    expect(statSync(configFile).mode & 0o777).toBe(0o640)
  })
})

/** What these tests change in `plugins` of openclaw.json. */
interface Plugins {
  allow: string[]
  load: { paths: string[] }
  entries: Record<string, { enabled: boolean }>
}

function surface(status: Status | null, id: string): Status['surfaces'][number] | undefined {
  return status?.surfaces.find((one) => one.id === id)
}
