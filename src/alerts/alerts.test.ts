import { copyFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { botToken, startAlertHttp, type AlertHttp } from '../../tests/fakes/alert-receivers.ts'
import { openAuditLog, type AuditLog, type NewEntry } from '../auditlog/index.ts'
import { createOutboundTls, Secret, systemClock } from '../base/index.ts'
import { migrations } from './migrations.ts'
import { openAlerts, type AlertOptions, type Alerts } from './open.ts'
import { notificationSettings } from './settings.ts'

// A busy machine is no reason to fail.
const soon = { timeout: 20_000 }

let http: AlertHttp
let folder: string
let log: AuditLog
let db: DatabaseSync
const running: Alerts[] = []
const state = { now: 0 }
const clock = { now: () => state.now, monotonicMs: () => performance.now() }

beforeEach(async () => {
  http = await startAlertHttp()
  folder = await mkdtemp(join(tmpdir(), 'hs-alerts-'))
  state.now = Date.parse('2026-11-22T07:00:00Z')
  log = await openLog()
  db = new DatabaseSync(join(folder, 'state.db'))
  for (const { sql } of migrations) db.exec(sql)
})
afterEach(async () => {
  for (const alerts of running.splice(0)) await alerts.stop()
  await log.close()
  db.close()
  await http.close()
  await rm(folder, { recursive: true, force: true })
})

const openLog = async (): Promise<AuditLog> => await openAuditLog({ path: join(folder, 'audit.log'), rotateBytes: 20_000 }, { clock: systemClock })

const troubles: string[] = []

function begin(more: Partial<Omit<AlertOptions, 'notifications'>> & { notifications?: object } = {}, database = db): Alerts {
  const { notifications = { webhook: { url: `${http.url}/hook` } }, ...rest } = more
  const alerts = openAlerts(
    { jobs: {}, log: { path: join(folder, 'audit.log'), firstSeq: (log.head()?.seq ?? -1) + 1 }, host: 'guard-1', everyMs: 20, ...rest, notifications: notificationSettings.parse(notifications) },
    {
      tls: createOutboundTls(),
      clock,
      db: database,
      secret: async (name) => (name === 'BOT' ? new Secret(botToken) : null),
      redact: (text) => text.replaceAll('hunter2', '[redacted]'),
      report: ({ reason }) => void troubles.push(reason),
      broken: (reason) => void troubles.push(reason),
    },
  )
  running.push(alerts)
  return alerts
}

async function end(alerts: Alerts): Promise<void> {
  running.splice(running.indexOf(alerts), 1)
  await alerts.stop()
}

const alert = (reason: string, more: Partial<NewEntry> = {}): NewEntry => ({ event_type: 'alert', severity: 'high', rule: `rule.${reason}`, reason, ...more })
const told = (): string[] => http.taken.map(({ body }) => (body['data'] as { text: string }).text)
const inOrder = (texts: readonly string[]): string[] => texts.toSorted((a, b) => a.localeCompare(b))
/** Long enough for several looks and sends: whatever else was to come has come. */
const quiet = async (): Promise<void> => await new Promise((resolve) => setTimeout(resolve, 400))

describe('from the log to a destination', () => {
  it('goes every alert that is bad enough, and nothing of before the first start', async () => {
    await log.append(alert('before'))
    begin()
    await log.append({ event_type: 'tool_call', severity: 'critical', reason: 'no alert' })
    await log.append(alert('harmless', { severity: 'info' }))
    await log.append(alert('of unknown weight', { severity: undefined }))
    await log.append(alert('grave', { severity: 'critical', user: 'agent.main' }))
    await expect.poll(told, soon).toHaveLength(2)
    await quiet()
    expect(inOrder(told())).toEqual(['grave', 'of unknown weight'])
    expect(http.taken.find(({ text }) => text.includes('grave'))!.body).toMatchObject({ data: { rule: 'rule.grave', host: 'guard-1', facts: { user: 'agent.main' } } })
  })

  it('each destination hears what it wants to hear', async () => {
    begin({ notifications: { minimum_severity: 'critical', webhook: { url: `${http.url}/hook`, minimum_severity: 'info' }, slack: { bot_token: '$BOT', channel: '#alerts', api_url: `${http.url}/api` } } })
    await log.append(alert('small', { severity: 'info' }))
    await log.append(alert('large', { severity: 'critical' }))
    await expect.poll(() => http.taken.length, soon).toBe(3)
    await quiet()
    expect(http.taken.filter(({ path }) => path === '/api/chat.postMessage').map(({ text }) => text.includes('rule.large'))).toEqual([true])
  })

  it('has no secret in it, and shows every character that could hide or break something', async () => {
    begin()
    await log.append(alert('hunter2\nSubject: forged \u202edrowssap https://evil.example', { user: 'hunter2', target: 'a\u{e0041}b\u0000' }))
    await expect.poll(told, soon).toHaveLength(1)
    expect(http.taken[0]!.text).not.toContain('hunter2')
    expect(told()).toEqual([String.raw`[redacted]\u{a}Subject: forged \u{202e}drowssap https[:]//evil.example`])
    expect(http.taken[0]!.body).toMatchObject({ data: { facts: { user: '[redacted]', target: String.raw`a\u{e0041}b\u{0}` } } })
  })

  it('goes what a job tells, to whom the job names, whatever its severity; other jobs tell nobody', async () => {
    begin({
      notifications: { minimum_severity: 'critical', slack: { bot_token: '$BOT', channel: '#alerts', api_url: `${http.url}/api` } },
      jobs: { rotate: { slack: '#security-ops' }, quiet: undefined },
    })
    const ended = (job: string): NewEntry => ({ event_type: 'job_execution', user: 'system/cron', target: 'secret A_KEY', result_summary: 'rotated: done', detail: { job } })
    await log.append(ended('quiet'))
    await log.append(ended('constructor'))
    await log.append(ended('rotate'))
    await expect.poll(() => http.taken.length, soon).toBe(1)
    await quiet()
    expect(http.taken.map(({ body }) => body['channel'])).toEqual(['#security-ops'])
    expect(http.taken[0]!.text).toContain('rotated: done')
    expect(http.taken[0]!.body['text']).toBe('[info] job rotate on guard-1')
  })
})

describe('over a restart', () => {
  it('nothing is lost and nothing repeated, also of what was logged while nobody read', async () => {
    const first = begin()
    await log.append(alert('one'))
    await expect.poll(told, soon).toEqual(['one'])
    await end(first)
    for (let i = 0; i < 300; i++) await log.append({ event_type: 'tool_call', reason: `work ${i}` }) // three segments
    await log.append(alert('two'))
    begin()
    await expect.poll(told, soon).toEqual(['one', 'two'])
    await quiet()
    expect(told()).toEqual(['one', 'two'])
  })

  it('of a guard that was killed neither: place and queue are on the disk together', async () => {
    begin()
    await log.append(alert('one'))
    await expect.poll(told, soon).toEqual(['one'])
    http.script.push({ status: 503 })
    await log.append(alert('two'))
    await expect.poll(() => http.seen.length, soon).toBe(2)
    await quiet()
    copyFileSync(join(folder, 'state.db'), join(folder, 'killed.db')) // what a kill would leave
    await end(running[0]!)
    await log.append(alert('three'))
    const left = new DatabaseSync(join(folder, 'killed.db'))
    const after = begin({}, left)
    await expect.poll(() => inOrder(told()), soon).toEqual(['one', 'three', 'two'])
    await quiet()
    expect(told()).toHaveLength(3)
    await end(after)
    left.close()
  })

  it('a power cut that took the end of the log sends nothing twice', async () => {
    const first = begin()
    await log.append(alert('one'))
    await expect.poll(told, soon).toEqual(['one'])
    await end(first)
    db.exec('UPDATE alerts_position SET next_seq = next_seq + 50')
    begin()
    await log.append(alert('two'))
    await expect.poll(told, soon).toEqual(['one', 'two'])
  })

  it('without any destination begins at the end again, years later', async () => {
    const first = begin()
    await log.append(alert('one'))
    await expect.poll(told, soon).toEqual(['one'])
    await end(first)
    await end(begin({ notifications: {} }))
    await log.append(alert('meanwhile'))
    begin()
    await log.append(alert('two'))
    await expect.poll(told, soon).toEqual(['one', 'two'])
  })
})

describe('too much', () => {
  it('becomes a few messages and a number, once the minute is over', async () => {
    begin()
    for (let i = 0; i < 500; i++) await log.append(alert('many', { target: `host-${i}.example:443` }))
    await expect.poll(told, soon).toHaveLength(5)
    await quiet()
    state.now += 61_000
    await expect.poll(told, soon).toHaveLength(6)
    expect(told().at(-1)).toContain('495 more within a minute were not sent one by one: rule.many 495×')
  })

  it('of the same is told once and then with its count, also when the guard was started anew', async () => {
    const first = begin()
    for (let i = 0; i < 30; i++) await log.append(alert('same'))
    await expect.poll(told, soon).toEqual(['same'])
    await quiet()
    await end(first)
    state.now += 301_000
    begin()
    await expect.poll(told, soon).toEqual(['same', '29 more of the same within 5 minutes: same'])
  })
})

describe('alerts of one rule', () => {
  it('about two things are two, also where only their sentences say so', async () => {
    begin()
    const rule = { rule: 'budget.warn-agent' }
    await log.append(alert('80 % of the agent budget of a is spent', rule))
    await log.append(alert('80 % of the agent budget of b is spent', rule))
    await log.append(alert('80 % of the agent budget of b is spent', rule))
    for (const reason of ['once', 'twice']) await log.append(alert(reason, { rule: 'proof.failed', surface: 'egress' }))
    await expect.poll(told, soon).toHaveLength(3)
    await quiet()
    expect(told()).toEqual(['80 % of the agent budget of a is spent', '80 % of the agent budget of b is spent', 'once'])
  })
})

describe('a destination that is dead', () => {
  const both = (): object => ({ webhook: { url: `${http.url}/hook` }, slack: { webhook: '$NOBODY' } })

  it('is told of by the others, and by itself to nobody', async () => {
    const alerts = begin({ notifications: both() })
    await log.append({ event_type: 'alert', severity: 'high', rule: 'alerts.undelivered', reason: 'slack is dead', detail: { destination: 'slack' } })
    await expect.poll(told, soon).toEqual(['slack is dead'])
    await quiet()
    expect(alerts.list()).toMatchObject([{ name: 'slack', waiting: 0, problem: null }, { name: 'webhook', delivered: 1, waiting: 0 }])
  })

  it('shows in the list, and in a test', async () => {
    const alerts = begin({ notifications: both() })
    await log.append(alert('one'))
    await expect.poll(() => alerts.list().map(({ waiting, problem }) => [waiting, problem]), soon).toEqual([[1, 'there is no secret NOBODY; run: hardshell secrets put NOBODY'], [0, null]])
    expect(await alerts.test()).toMatchObject([{ name: 'slack', state: 'later' }, { name: 'webhook', state: 'delivered' }])
    expect(await alerts.test('webhook')).toMatchObject([{ name: 'webhook', state: 'delivered' }])
    await expect(alerts.test('email')).rejects.toMatchObject({ code: 'alerts.no-destination', message: 'no email is configured' })
    await expect(alerts.test('slak')).rejects.toThrow('there is no destination of that name: slack, pagerduty')
  })
})

describe('a log', () => {
  it('that cannot be read is an alert by itself', async () => {
    const alerts = begin()
    await log.append(alert('one'))
    await expect.poll(told, soon).toEqual(['one'])
    await end(alerts)
    await log.append(alert('two'))
    await log.close()
    const path = join(folder, 'audit.log')
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replace('{"seq":1,', '{"sqe":1,'))
    troubles.length = 0
    begin()
    await expect.poll(told, soon).toHaveLength(2)
    expect(told()[1]).toContain('a part of the audit log cannot be read')
    expect(http.taken[1]!.body).toMatchObject({ data: { severity: 'critical', rule: 'alerts.log-unreadable' } })
    expect(troubles).toEqual([told()[1]])
  })
})
