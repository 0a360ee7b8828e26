import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { botToken, startAlertHttp, type AlertHttp } from '../../tests/fakes/alert-receivers.ts'
import { migrations as alertsMigrations, type Alerts, type TestedDestination } from '../alerts/index.ts'
import { openAuditLog, tailEntries, type AuditLog } from '../auditlog/index.ts'
import { createOutboundTls, Secret, systemClock } from '../base/index.ts'
import { checkConfig, loadConfig, type Config } from '../config/index.ts'
import { migrations as scheduleMigrations } from '../schedule/index.ts'
import { openStore, type Store } from '../store/index.ts'
import { alertHandlers, openGuardAlerts } from './alerts.ts'
import type { GuardContent } from './content.ts'
import { startJobs } from './jobs.ts'
import { knowSecrets } from './known-secrets.ts'
import { statePaths } from './paths.ts'
import type { Rotations } from './rotation.ts'
import type { WireInput } from './wire.ts'

// A busy machine is no reason to fail.
const soon = { timeout: 20_000 }

/** As the guide prints it, due every minute. */
const job = 'jobs:\n  rotate_api_keys:\n    schedule: "* * * * *"\n    type: maintenance\n    action: rotate_secrets\n    secrets: [anthropic_api_key, openai_api_key]\n    notify:\n      slack: "#security-ops"\n'

let http: AlertHttp
let folder: string
let log: AuditLog
let store: Store
let alerts: Alerts | undefined
let ends: (() => Promise<void>) | undefined

beforeEach(async () => {
  http = await startAlertHttp()
  folder = mkdtempSync(join(tmpdir(), 'hs-guard-alerts-'))
  chmodSync(folder, 0o700)
  log = await openAuditLog({ path: statePaths(folder).auditLog }, { clock: systemClock })
  store = openStore({ path: join(folder, 'state.db'), migrations: [...scheduleMigrations, ...alertsMigrations] })
})
afterEach(async () => {
  await ends?.()
  await log.close()
  store.close()
  await http.close()
  rmSync(folder, { recursive: true, force: true })
})

function write(files: Record<string, string>): string {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o600 })
  return folder
}

const slack = (): string => `notifications:\n  slack: { bot_token: $BOT, channel: "#alerts", api_url: "${http.url}/api" }\n`

async function open(files: Record<string, string>): Promise<Config> {
  const { config, problems } = await loadConfig(write(files))
  expect(problems).toEqual([])
  const secrets = { get: async (name: string) => (name === 'BOT' ? new Secret(botToken) : null) } as unknown as WireInput['secrets']
  alerts = openGuardAlerts({ config, paths: statePaths(folder), secrets, tls: createOutboundTls() }, { log, firstSeq: 0, db: store.db, redact: (text) => text }, (end) => (ends = end))
  return config
}

/** A schedule that was last begun an hour ago. */
function overdue(): void {
  store.db.prepare('INSERT INTO schedule_runs VALUES (?, ?)').run('rotate_api_keys', Date.now() - 3_600_000)
}

const outcomes: Rotations = {
  rotate: async (names: readonly string[]) => names.map((name, i) => ({ state: i === 0 ? 'rotated' : 'refused', name, detail: 'as it went' })),
} as unknown as Rotations

const sent = (): string[] => http.taken.map(({ body }) => `${String(body['channel'])} ${String(body['text'])}`).toSorted((a, b) => a.localeCompare(b))

describe('a job that says whom it tells', () => {
  it('tells them how each of its secrets fared, and everybody of what needs a person', async () => {
    const config = await open({ 'maintenance.yaml': job, 'monitoring.yaml': slack() })
    overdue()
    const jobs = startJobs(config.jobs, { db: store.db, log, rotations: outcomes })
    await jobs.tick()
    await jobs.stop()
    await expect.poll(() => sent().length, soon).toBe(3)
    const host = hostname()
    expect(sent()).toEqual([
      `#alerts [high] secrets.rotation-needs-you on ${host}`,
      `#security-ops [high] job rotate_api_keys on ${host}`,
      `#security-ops [info] job rotate_api_keys on ${host}`,
    ])
    expect(http.taken.map(({ text }) => text).join()).toContain('secret OPENAI_API_KEY')
  })

  it('tells them when it failed as a whole', async () => {
    const config = await open({ 'maintenance.yaml': job, 'monitoring.yaml': slack() })
    overdue()
    const broken = { rotate: async () => await Promise.reject(new Error('no store answers')) } as unknown as Rotations
    const jobs = startJobs(config.jobs, { db: store.db, log, rotations: broken })
    await jobs.tick()
    await jobs.stop()
    await expect.poll(() => sent().map((one) => one.split(' ')[0]), soon).toEqual(['#alerts', '#security-ops'])
    expect(http.taken.find(({ body }) => body['channel'] === '#security-ops')!.text).toContain('failed: no store answers')
  })

  it('and names what nothing leads to is a problem with its place and the next command, and loads as the guide prints it', async () => {
    const directory = write({ 'maintenance.yaml': job })
    expect((await loadConfig(directory)).problems).toEqual([])
    const report = await checkConfig(directory)
    expect(report).toMatchObject({ ok: false, errors: [{ code: 'config.no-destination', line: 8, key: 'jobs.rotate_api_keys.notify.slack', message: expect.stringContaining('hardshell alerts test slack') }] })
    await open({ 'maintenance.yaml': job })
    await log.flush()
    expect(await tailEntries(statePaths(folder).auditLog, 1)).toMatchObject([{ event_type: 'alert', rule: 'alerts.no-destination', reason: expect.stringContaining('notifications.slack is not configured') }])
  })
})

describe('settings of destinations', () => {
  it('take no secret in plain text, and say how to give one', async () => {
    const { problems } = await loadConfig(write({ 'monitoring.yaml': 'notifications:\n  slack: { webhook: "https://hooks.slack.com/services/x" }\n' }))
    expect(problems).toMatchObject([{ code: 'config.plaintext-secret', key: 'notifications.slack.webhook', line: 2 }])
    expect(problems[0]!.message).not.toContain('hooks.slack.com')
  })
})

it('secrets of destinations are known, so that nothing of ours ever shows one', async () => {
  const config = await open({ 'monitoring.yaml': slack() })
  const known: string[] = []
  const content = { know: (all: readonly Secret[]) => void known.push(...all.map((one) => one.reveal())) } as unknown as GuardContent
  const secrets = { stores: [], find: async (name: string) => (name === 'BOT' ? { secret: new Secret(botToken) } : null) }
  await knowSecrets(content, { config, secrets, keys: { gateway: { current: new Secret('of the gateway') } }, providerKeys: new Map(), apiTokens: [] } as unknown as WireInput)
  expect(known).toContain(botToken)
})

describe('the operator', () => {
  it('tests destinations, and the log says who did', async () => {
    await open({ 'monitoring.yaml': slack() })
    const handlers = alertHandlers({ alerts: alerts!, log })
    expect((await handlers.testAlerts({ destination: 'slack', by: 'ana' })) as TestedDestination[]).toMatchObject([{ name: 'slack', where: '#alerts by a bot', state: 'delivered' }])
    expect(await tailEntries(statePaths(folder).auditLog, 1)).toMatchObject([{ rule: 'alerts.test', user: 'ana' }])
    expect(await handlers.alerts({})).toMatchObject([{ name: 'slack', minimumSeverity: 'warning', waiting: 0 }])
  })
})
