import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startAlertHttp, type AlertHttp } from '../../tests/fakes/alert-receivers.ts'
import { openAuditLog, type AuditLog, type NewEntry } from '../auditlog/index.ts'
import { createOutboundTls, systemClock } from '../base/index.ts'
import { channel, message } from './alerts.test.kit.ts'
import { plain } from './message.ts'
import { migrations } from './migrations.ts'
import { openAlerts, type Alerts } from './open.ts'
import { notificationSettings } from './settings.ts'

// A busy machine is no reason to fail.
const soon = { timeout: 20_000 }

let http: AlertHttp
let folder: string
let log: AuditLog
let db: DatabaseSync
let alerts: Alerts | undefined
const state = { now: 0, broken: [] as string[] }
const clock = { now: () => state.now, monotonicMs: () => performance.now() }

beforeEach(async () => {
  http = await startAlertHttp()
  folder = await mkdtemp(join(tmpdir(), 'hs-alerts-attack-'))
  Object.assign(state, { now: Date.parse('2026-11-22T07:00:00Z'), broken: [] })
  log = await openAuditLog({ path: join(folder, 'audit.log') }, { clock: systemClock })
  db = new DatabaseSync(join(folder, 'state.db'))
  for (const { sql } of migrations) db.exec(sql)
})
afterEach(async () => {
  await alerts?.stop()
  alerts = undefined
  await log.close().catch(() => undefined) // where somebody else wrote into it
  db.close()
  await http.close()
  await rm(folder, { recursive: true, force: true })
})

function begin(notifications: object = { webhook: { url: `${http.url}/hook`, minimum_severity: 'info' } }): Alerts {
  return (alerts = openAlerts(
    { notifications: notificationSettings.parse(notifications), jobs: {}, log: { path: join(folder, 'audit.log'), firstSeq: 0 }, host: 'guard-1', everyMs: 20 },
    {
      tls: createOutboundTls(),
      clock,
      db,
      secret: async () => null,
      redact(text) {
        if (text.includes('poison')) throw new RangeError('too deep')
        return text
      },
      report: () => {},
      broken: (reason) => void state.broken.push(reason),
    },
  ))
}

const alert = (reason: string, more: Partial<NewEntry> = {}): NewEntry => ({ event_type: 'alert', severity: 'high', rule: `rule.${reason}`, reason, ...more })
const told = (): string[] => http.taken.map(({ body }) => (body['data'] as { text: string }).text)

describe('nobody silences alerts', () => {
  it('by a line in the log that is no entry: it is told once, and what comes is read on', async () => {
    await log.append(alert('before'))
    await appendFile(join(folder, 'audit.log'), 'not an entry "event_type":"alert"\n{"seq":1,"timestamp":"x","event_type":"alert",\n')
    // As the next guard goes on behind it.
    await appendFile(join(folder, 'audit.log'), `${JSON.stringify({ seq: 2, timestamp: '2026-11-22T07:00:00.000Z', ...alert('behind'), prev_hash: 'sha256:' })}\n`)
    await rm(join(folder, 'audit.log.head'))
    begin()
    await expect.poll(told, soon).toHaveLength(3)
    expect(new Set(told())).toEqual(new Set(['before', 'behind', ...state.broken]))
    expect(state.broken).toEqual(['a part of the audit log cannot be read, and nobody is told of alerts in it; run: hardshell audit verify'])
  })

  it('by a text on which the redactor fails', async () => {
    begin()
    await log.append(alert('poison', { rule: 'a.rule', target: 'poison' }))
    await log.append(alert('after it'))
    await expect.poll(told, soon).toEqual(['[cannot be shown]', 'after it'])
    expect(http.taken[0]!.body).toMatchObject({ data: { rule: 'a.rule', facts: { target: '[cannot be shown]' } } })
  })

  it('by an alert that is the same and harmless', async () => {
    begin()
    for (const severity of ['info', 'critical', 'critical'] as const) await log.append(alert('said a canary', { severity, user: 'gateway' }))
    await log.append(alert('last'))
    await expect.poll(told, soon).toHaveLength(3)
    expect(http.taken.map(({ body }) => (body['data'] as { severity: string }).severity).toSorted((a, b) => a.localeCompare(b))).toEqual(['critical', 'high', 'info'])
  })

  it('by a severity nobody knows', async () => {
    begin({ webhook: { url: `${http.url}/hook` } })
    await log.append({ ...alert('of a log that was changed'), severity: 'none' } as unknown as NewEntry)
    await expect.poll(told, soon).toEqual(['of a log that was changed'])
  })

  it('by rows of the database that are damaged', async () => {
    db.exec(`INSERT INTO alerts_held VALUES ('same:x', '{"key"'), ('same:y', '{"key":"same:y","counts":{}}')`)
    db.exec(`INSERT INTO alerts_waiting (destination, weight, body, since) VALUES ('webhook', 3, '{"id"', 0), ('webhook', 3, '{"id":"a"}', 0)`)
    const { list } = begin()
    await log.append(alert('after them'))
    await expect.poll(told, soon).toEqual(['after them'])
    expect(list()).toMatchObject([{ name: 'webhook', delivered: 1, lost: 2, waiting: 0 }])
  })
})

describe('a database that fails', () => {
  it('ends neither the guard nor its stopping', async () => {
    const { stop } = begin()
    for (const text of ['same', 'same', 'same']) await log.append(alert(text))
    await expect.poll(told, soon).toEqual(['same'])
    await expect.poll(() => db.prepare('SELECT count(*) AS n FROM alerts_held').get(), soon).toEqual({ n: 1 })
    db.exec('ALTER TABLE alerts_held RENAME TO gone')
    state.now += 301_000 // what was kept back is to be told, and cannot be
    await appendFile(join(folder, 'audit.log'), 'not an entry "event_type":"alert"\n') // nor this
    await rm(join(folder, 'audit.log.head')) // by which nothing would be there
    await expect.poll(() => state.broken.length, soon).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect(await stop()).toBeUndefined()
  })
})

describe('a text', () => {
  it('becomes no longer by what is hidden in it: too long a message is refused, and nobody gets it', () => {
    expect(plain('\u{202e}'.repeat(5000)).length).toBeLessThanOrEqual(501)
    expect(plain('://'.repeat(5000)).length).toBeLessThanOrEqual(501)
    expect(plain(`${'a'.repeat(499)}\u{1f600}${'b'.repeat(9)}`).isWellFormed()).toBe(true)
  })

  it('hides nothing in characters that fill or vary others', () => {
    expect(plain('a\u{3164}b\u{fe01}c\u{e0101}d\u{34f}')).toBe(String.raw`a\u{3164}b\u{fe01}c\u{e0101}d\u{34f}`)
  })

  it('fits into a block of Slack, however long every field of it is', async () => {
    const slack = channel({ slack: { bot_token: '$BOT', channel: '#alerts', api_url: `${http.url}/api` } }, { tls: createOutboundTls(), clock: systemClock, secret: async () => ({ reveal: () => 'none' }) as never })
    const long = plain('\u{1f600}'.repeat(1000))
    await slack.send(message({ text: long, facts: Array.from({ length: 8 }, (_, i) => [`field${i}`, long] as const) }), AbortSignal.timeout(20_000))
    const [, { elements }] = http.seen[0]!.body['blocks'] as [unknown, { elements: { elements: { text: string }[] }[] }]
    const { text } = elements[0]!.elements[0]!
    expect(text.length).toBeLessThanOrEqual(3000)
    expect(text.isWellFormed()).toBe(true)
  })
})

describe('a mail server that answers a byte at a time', () => {
  it('is left for good: no connection stays', async () => {
    const sockets = new Set<Socket>()
    let words = 0
    const server = createServer((socket) => {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket)).on('error', () => {})
      socket.write('220 here\r\n')
      socket.on('data', () => {
        if (words++ === 0) return void socket.write('250 here\r\n')
        const drip = setInterval(() => void socket.write('2'), 50)
        socket.on('close', () => clearInterval(drip))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const mail = channel({ email: { host: '127.0.0.1', port: (server.address() as AddressInfo).port, tls: 'none', from: 'guard@example.com', to: ['security@example.com'] } })
    const ending = new AbortController()
    const sent = mail.send(message(), ending.signal)
    await expect.poll(() => words, soon).toBe(2)
    ending.abort()
    expect(await sent).toMatchObject({ state: 'later' })
    await expect.poll(() => sockets.size, soon).toBe(0)
    await new Promise((resolve) => server.close(resolve))
  })
})
