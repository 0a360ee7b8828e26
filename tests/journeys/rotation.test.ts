import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../../src/base/index.ts'
import { connectGateway } from '../../src/openclaw/index.ts'
import { openLocalStore } from '../../src/secrets/index.ts'
import { botToken, startAlertHttp, type AlertHttp } from '../fakes/alert-receivers.ts'
import { startProviderAdmin, type ProviderAdmin } from '../fakes/provider-admin.ts'
import { chat, operatorToken, type Turn } from './chat.ts'
import { hardshell } from './command.ts'
import { command, ensureProven, gatewayUid, guardPid, newInstallation, removeInstallation, statusOf, type Installation } from './installation.ts'
import { readLog } from './log.ts'
import { isAlive, processesOf } from './processes.ts'
import { until } from './wait.ts'

let admin: ProviderAdmin
let spare: ProviderAdmin
let slack: AlertHttp
let installation: Installation
const spareKey = ['sk', 'proj', 'spare'.repeat(5)].join('-')
const oldKey = ['sk', 'proj', 'old'.repeat(8)].join('-')

const put = async (name: string, value: string): Promise<void> => {
  const done = await hardshell(['secrets', 'put', name, '--state', installation.state], { env: { HOME: installation.root }, input: value })
  expect(done.status, done.err).toBe(0)
}

beforeAll(async () => {
  admin = await startProviderAdmin()
  admin.add(oldKey, 'person')
  spare = await startProviderAdmin()
  spare.add(spareKey, 'person')
  slack = await startAlertHttp()
  const [base, spareBase] = [`${admin.url}/v1`, `${spare.url}/v1`]
  installation = await newInstallation(
    'rotation',
    `models:\n  providers:\n    fake:\n      api: openai-completions\n      base_url: "${base}"\n      key: $FAKE_API_KEY\n      models: [gpt-5-mini]\n` +
      `    spare:\n      api: openai-completions\n      base_url: "${spareBase}"\n      key: $SPARE_API_KEY\n      models: [gpt-5-mini]\n` +
      `rotation:\n  FAKE_API_KEY:\n    issuer: openai\n    project: proj_1\n    admin_key: $FAKE_ADMIN_KEY\n    base_url: "${base}"\n` +
      `  SPARE_API_KEY:\n    issuer: openai\n    project: proj_2\n    admin_key: $SPARE_ADMIN_KEY\n    base_url: "${spareBase}"\n` +
      'budgets:\n  prices:\n    fake/gpt-5-mini: { input: 1, output: 1 }\n    spare/gpt-5-mini: { input: 1, output: 1 }\n',
  )
  await put('FAKE_API_KEY', oldKey)
  await put('FAKE_ADMIN_KEY', admin.adminKey)
  await put('SPARE_API_KEY', spareKey)
  await put('SPARE_ADMIN_KEY', spare.adminKey)
  writeFileSync(`${installation.config}/maintenance.yaml`, 'jobs:\n  rotate_api_keys:\n    type: maintenance\n    action: rotate_secrets\n    schedule: "* * * * *"\n    secrets: [spare_api_key, api_key_of_nobody]\n    notify: { slack: "#security-ops" }\n')
  writeFileSync(`${installation.config}/monitoring.yaml`, `notifications:\n  slack: { bot_token: $SLACK_BOT_TOKEN, channel: "#alerts", api_url: "${slack.url}/api" }\n`)
  await put('SLACK_BOT_TOKEN', botToken)
  await ensureProven(installation)
})
afterAll(async () => {
  await removeInstallation(installation)
  await admin.close()
  await spare.close()
  await slack.close()
})

/** Turns one after the other, four at a time, until told to stop. */
function talk(): { more(count: number): Promise<void>; stop(): Promise<Turn[]> } {
  let going = true
  const turns: Turn[] = []
  const voice = async (name: string): Promise<void> => {
    for (let i = 0; going; i++) turns.push(await chat(installation, `turn ${i}`, { user: `${name}-${i}` }))
  }
  const voices = ['a', 'b', 'c', 'd'].map(voice)
  return {
    async more(count) {
      const wanted = turns.length + count
      await until(`${count} more turns`, 120_000, () => turns.length >= wanted)
    },
    async stop() {
      going = false
      await Promise.all(voices)
      return turns
    },
  }
}

const rotate = async (...more: string[]): Promise<{ status: number | string; outcomes: { state: string; detail: string }[]; text: string }> => {
  const { status, out } = await command(installation, ['secrets', 'rotate', 'FAKE_API_KEY', '--json', ...more])
  return { status, text: out, outcomes: (JSON.parse(out) as { outcomes?: { state: string; detail: string }[] }).outcomes ?? [] }
}

describe('the rotation of a provider key', () => {
  it('is told before it is done', async () => {
    const { out } = await command(installation, ['secrets', 'rotate', 'FAKE_API_KEY', '--dry-run'])
    expect(out).toMatch(/issuer openai, store local[\s\S]*have openai make a new one[\s\S]*show by a live call that the old one is refused/)
    const all = await command(installation, ['secrets', 'rotate', '--all', '--dry-run', '--json'])
    expect((JSON.parse(all.out) as { plans: { name: string }[] }).plans.map(({ name }) => name)).toEqual(['FAKE_API_KEY', 'SPARE_API_KEY', 'HARDSHELL_GATEWAY_TOKEN'])
    expect([...admin.keys.keys()]).toEqual([oldKey])
  })

  it('loses no turn, ends with a new key in use and the old one refused, and every step is in the log without a key', async () => {
    const talking = talk()
    await talking.more(4)
    const done = await rotate()
    await talking.more(4)
    const turns = await talking.stop()
    expect(done).toMatchObject({ status: 0, outcomes: [{ state: 'rotated', detail: 'the new key is accepted, the old one refused' }] })
    expect(turns.filter(({ text, whole }) => text !== 'one two three four five' || !whole)).toEqual([])
    const [fresh] = [...admin.keys.keys()]
    expect(admin.keys.size).toBe(1)
    expect(fresh).not.toBe(oldKey)
    const entries = readLog(installation.log)
    expect(entries.filter(({ rule, target }) => rule === 'secrets.rotation' && target === 'secret FAKE_API_KEY').map(({ detail }) => detail?.['step'])).toEqual(['minted', 'stored', 'reloaded', 'validated', 'revoked', 'revoked'])
    const everything = JSON.stringify(entries) + done.text
    for (const key of [oldKey, fresh!, admin.adminKey]) expect(everything).not.toContain(key)
  })

  it('keeps the key in use when the new one does not work', async () => {
    const [inUse] = [...admin.keys.keys()]
    const given = ['sk', 'proj', 'nobody-knows-this-one'].join('-')
    const { status, out } = await hardshell(['secrets', 'rotate', 'FAKE_API_KEY', '--accept', '--json', '--state', installation.state], { env: { HOME: installation.root }, input: `${given}\n` })
    expect(status).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ outcomes: [{ state: 'rolled-back', detail: expect.stringContaining('the new key is refused') }] })
    expect(out).not.toContain(given)
    expect(await chat(installation, 'still there?')).toMatchObject({ text: 'one two three four five', whole: true })
    expect([...admin.keys.keys()]).toEqual([inUse])
  })

  it('is finished by the next one who asks when the provider could not be reached in the middle', async () => {
    const [before] = [...admin.keys.keys()]
    // The provider takes the key back after it was made: ending the old one fails, everything before went well.
    const deleted = admin.keys.delete.bind(admin.keys)
    admin.keys.delete = () => { throw new Error('the provider is down') }
    const stuck = await rotate()
    admin.keys.delete = deleted
    expect(stuck).toMatchObject({ status: 1, outcomes: [{ state: 'stuck', detail: expect.stringContaining('stopped after "validated"') }] })
    expect(admin.keys.has(before!)).toBe(true)
    expect(await chat(installation, 'and now?')).toMatchObject({ whole: true })
    expect(await rotate('--resume')).toMatchObject({ status: 0, outcomes: [{ state: 'rotated' }] })
    expect(admin.keys.has(before!)).toBe(false)
  })

  it('leaves no record of keys behind when it is over', async () => {
    const store = openLocalStore({ path: `${installation.state}/guard/secrets.json`, keyPath: `${installation.state}/guard/secrets.key` }, { clock: { now: () => 0, monotonicMs: () => 0 }, random: { bytes: (n) => Buffer.alloc(n) } })
    const record = await store.get('HARDSHELL_ROTATIONS')
    expect(record).toBeInstanceOf(Secret)
    expect(JSON.parse(record!.reveal())).toEqual({ version: 1, records: [] })
  })
})

const tokenInFile = (): string => /token: "([^"]+)"/.exec(readFileSync(`${installation.state}/openclaw/config/openclaw.json`, 'utf8'))![1]!
const askGateway = async (token: string): Promise<number> =>
  (await fetch(`http://127.0.0.1:${installation.ports.gateway}/v1/models`, { headers: { authorization: `Bearer ${token}` } })).status
const ofToken = (): ReturnType<typeof readLog> => readLog(installation.log).filter(({ rule, target }) => rule === 'secrets.rotation' && target === 'secret HARDSHELL_GATEWAY_TOKEN')

describe("the rotation of OpenClaw's own token", () => {
  it('loses no turn, the gateway refuses the old one afterwards, and a WebSocket from before is closed and let in again', async () => {
    const before = tokenInFile()
    expect(await askGateway(before)).toBe(200)
    const connect = async () => await connectGateway(`ws://127.0.0.1:${installation.ports.ingress}`, new Secret(operatorToken(installation)))
    const socket = await connect()
    await socket.call('agents.list')
    const talking = talk()
    await talking.more(4)
    const { status, out } = await command(installation, ['secrets', 'rotate', 'hardshell_gateway_token', '--json'])
    await talking.more(4)
    const turns = await talking.stop()
    expect({ status, out: JSON.parse(out) as unknown }).toMatchObject({ status: 0, out: { outcomes: [{ state: 'rotated', detail: 'the new key is accepted, the old one refused' }] } })
    expect(turns.filter(({ text, whole }) => text !== 'one two three four five' || !whole)).toEqual([])
    expect(tokenInFile()).not.toBe(before)
    expect(await askGateway(before)).toBe(401)
    expect(await askGateway(tokenInFile())).toBe(200)
    await expect(socket.call('agents.list')).rejects.toMatchObject({ code: 'openclaw.rpc-failed', message: expect.stringContaining('closed the connection') })
    const again = await connect()
    expect(await again.call('agents.list')).toHaveProperty('agents')
    again.close()
    const everything = JSON.stringify(readLog(installation.log)) + out
    for (const token of [before, tokenInFile()]) expect(everything).not.toContain(token)
  })

  it('leaves every surface proven by turns that carry the new one', async () => {
    const { status, out } = await command(installation, ['prove', '--json'])
    expect({ status, out }).toMatchObject({ status: 0 })
    expect(await chat(installation, 'and after the proof?')).toMatchObject({ text: 'one two three four five', whole: true })
  })

  it('is taken back when the gateway does not take the new one, and turns go on with the old one', async () => {
    const before = tokenInFile()
    const gateway = processesOf(gatewayUid(installation))
    const signal = (name: NodeJS.Signals): void => gateway.filter(isAlive).forEach((pid) => process.kill(pid, name))
    signal('SIGSTOP') // it runs, and answers nobody
    const rotating = command(installation, ['secrets', 'rotate', 'HARDSHELL_GATEWAY_TOKEN', '--json'])
    try {
      await until('the new token in the file', 30_000, () => tokenInFile() !== before)
      await until('the way back', 90_000, () => ofToken().find(({ detail }) => detail?.['step'] === 'rolling-back') ?? null)
      await until('the old token in the file', 30_000, () => tokenInFile() === before)
      signal('SIGCONT')
      const { status, out } = await rotating
      expect({ status, out: JSON.parse(out) as unknown }).toMatchObject({ status: 1, out: { outcomes: [{ state: 'rolled-back', detail: 'the gateway does not take its new token; the old key is back in use' }] } })
      expect(await askGateway(before)).toBe(200)
    } finally {
      signal('SIGCONT')
      await rotating
    }
    await until('every surface proven again', 100_000, async () => (await statusOf(installation))?.ok === true)
    expect(await chat(installation, 'is anybody there?')).toMatchObject({ text: 'one two three four five', whole: true })
  })
})

describe('a job that rotates secrets', () => {
  it('runs when its minute comes, and says of a secret it cannot rotate that somebody has to look', async () => {
    const entries = await until('the job has run', 90_000, () => {
      const ran = readLog(installation.log).filter(({ event_type }) => event_type === 'job_execution')
      return ran.length >= 2 && ran
    })
    expect(entries[0]).toMatchObject({ user: 'system/cron', target: 'secret SPARE_API_KEY', result_summary: 'rotated: the new key is accepted, the old one refused', detail: { job: 'rotate_api_keys' } })
    expect(spare.keys.has(spareKey)).toBe(false)
    expect(spare.keys.size).toBe(1)
    const alert = await until('the alert', 5000, () => readLog(installation.log).find(({ rule }) => rule === 'secrets.rotation-needs-you') ?? null)
    expect(alert).toMatchObject({ event_type: 'alert', target: 'secret API_KEY_OF_NOBODY', reason: expect.stringContaining('there is no secret API_KEY_OF_NOBODY to rotate') })
  })

  it('tells whom it names how each secret fared, and everybody that somebody has to look', async () => {
    const told = (channel: string, words: string): boolean => slack.taken.some(({ body, text }) => body['channel'] === channel && text.includes(words))
    await until('the messages', 30_000, () => told('#security-ops', 'rotated: the new key is accepted') && told('#security-ops', 'API_KEY_OF_NOBODY') && told('#alerts', 'API_KEY_OF_NOBODY'))
    expect(slack.taken.filter(({ text }) => text.includes(spareKey) || text.includes(botToken))).toEqual([])
    const listed = await hardshell(['alerts', 'list', '--state', installation.state])
    expect(listed).toMatchObject({ status: 0, out: expect.stringContaining('#alerts by a bot') })
    expect(await hardshell(['alerts', 'test', 'slack', '--state', installation.state])).toMatchObject({ status: 0, out: 'delivered slack (#alerts by a bot)\n' })
    expect(told('#alerts', 'a test message of Hardshell')).toBe(true)
  })
})

describe("a guard that dies while OpenClaw's own token is changed", () => {
  it('comes up with the new one, and finishes by itself what it began', async () => {
    const before = tokenInFile()
    const pid = guardPid(installation)!
    const cutOff = command(installation, ['secrets', 'rotate', 'HARDSHELL_GATEWAY_TOKEN'])
    await until('the new token in the file', 60_000, () => tokenInFile() !== before)
    process.kill(pid, 'SIGKILL')
    await cutOff
    await until('the end of it', 30_000, () => !isAlive(pid) && processesOf(gatewayUid(installation)).length === 0)
    const steps = ofToken().length
    await ensureProven(installation)
    await until('the end of the rotation', 60_000, () => ofToken().slice(steps).some(({ result_summary }) => result_summary === 'the new key is accepted, the old one refused'))
    expect(await askGateway(before)).toBe(401)
    expect(await askGateway(tokenInFile())).toBe(200)
    expect(await chat(installation, 'and after the crash?')).toMatchObject({ text: 'one two three four five', whole: true })
  })
})
