import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import JSON5 from 'json5'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../../src/base/index.ts'
import { connectGateway, type GatewayRpc } from '../../src/openclaw/index.ts'
import { startModelUpstream, type ModelUpstream, type SeenRequest } from '../fakes/model-upstream.ts'
import { startFakeTelegram, type FakeTelegram } from '../fakes/telegram.ts'
import { startFakeVault, type FakeVault } from '../fakes/vault.ts'
import { chat, operatorToken } from './chat.ts'
import { hardshell, runToEnd } from './command.ts'
import { filesWith } from './files.ts'
import { command, ensureProven, gatewayUid, newInstallation, removeInstallation, statusOf, writeSettings, type Installation } from './installation.ts'
import { entryThat, logLength, readLog } from './log.ts'
import { textsInMemory } from './memory.ts'
import { processesOf } from './processes.ts'
import { until } from './wait.ts'

/**
 * A chat channel for real, with its bot token and the provider's key in Vault and nowhere else, and a skill whose key
 * lies in our own store: Vault and Telegram are fakes that speak the wire format, everything between them is real.
 */
let vault: FakeVault
let telegram: FakeTelegram
let upstream: ModelUpstream
let installation: Installation
let tooSoon: Answer
const botToken = ['999001', 'AA'.padEnd(35, 'trialtoken')].join(':')
const freshToken = ['999001', 'AA'.padEnd(35, 'afterrevoke')].join(':')
const modelKey = ['sk', 'only', 'in', 'vault'.repeat(4)].join('-')
const skillKey = ['forecast', 'only', crypto.randomUUID()].join('-')
const [spender, other, third] = [1111, 2222, 3333]

beforeAll(async () => {
  vault = await startFakeVault()
  vault.write('secret/data/openclaw/telegram', { token: botToken })
  vault.write('secret/data/openclaw/model', { key: modelKey })
  telegram = await startFakeTelegram(botToken)
  installation = await newInstallation('telegram')
  upstream = await startModelUpstream(join(installation.root, 'seen.jsonl'))
  writeSettings(installation, settings())
  writeSkills()
  for (const [name, value] of [['VAULT_TOKEN', vault.rootToken], ['FORECAST_KEY', skillKey]] as const) {
    const put = await hardshell(['secrets', 'put', name, '--state', installation.state], { env: { HOME: installation.root }, input: value })
    expect(put.status, put.err).toBe(0)
  }
  ;[, tooSoon] = await Promise.all([ensureProven(installation, 300_000), askAgainInTheWindow()])
}, 320_000)
afterAll(async () => {
  await removeInstallation(installation)
  await Promise.all([upstream.close(), telegram.close(), vault.close()])
})

const settings = (): string => `models:
  providers:
    fake:
      api: openai-completions
      base_url: "http://127.0.0.1:${upstream.port}/v1"
      key: $TRIAL_API_KEY
      models: [gpt-5-mini]
secrets:
  provider: vault
  address: "${vault.address}"
  auth_method: token
  openclaw: [TELEGRAM_BOT_TOKEN, FORECAST_KEY]
  scopes:
    forecast_key: { skills: [forecast] }
  paths:
    telegram_bot_token: "secret/data/openclaw/telegram#token"
    trial_api_key: "secret/data/openclaw/model#key"
budgets:
  per_user: "$0.20"
  per_channel: "$0.50"
  prices:
    fake/gpt-5-mini: { input: 1, output: 1 }
`

/** Two skills that want the same secret, each as itself; both are of no use without it. */
function writeSkills(): void {
  const ref = (id: string): object => ({ source: 'exec', provider: 'hardshell', id })
  const folder = join(installation.root, 'skills')
  for (const name of ['forecast', 'gossip']) {
    mkdirSync(join(folder, name), { recursive: true })
    const metadata = JSON.stringify({ openclaw: { primaryEnv: 'FORECAST_KEY', requires: { env: ['FORECAST_KEY'] } } })
    writeFileSync(join(folder, name, 'SKILL.md'), `---\nname: ${name}\ndescription: says what comes, told by ${name}\nmetadata: ${metadata}\n---\n# ${name}\nAsk the service.\n`)
  }
  const file = join(installation.state, 'openclaw/config/openclaw.json')
  mkdirSync(dirname(file), { recursive: true })
  const skills = { load: { extraDirs: [folder] }, entries: { forecast: { apiKey: ref('skills/forecast/FORECAST_KEY') }, gossip: { apiKey: ref('skills/gossip/FORECAST_KEY') } } }
  const bot = { enabled: true, botToken: ref('TELEGRAM_BOT_TOKEN'), apiRoot: telegram.url, dmPolicy: 'open', allowFrom: ['*'], network: { dangerouslyAllowPrivateNetwork: true } }
  writeFileSync(file, JSON.stringify({ channels: { telegram: bot }, skills }))
}

interface Answer {
  values: Record<string, string>
  errors?: Record<string, { code: string }>
}

/** What an agent with a shell would get: the program OpenClaw runs, run by OpenClaw's user as OpenClaw runs it. */
async function askProvider(...ids: string[]): Promise<Answer> {
  const config = JSON5.parse(readFileSync(join(installation.state, 'openclaw/config/openclaw.json'), 'utf8')) as { secrets: { providers: { hardshell: { command: string; args: string[]; env: Record<string, string> } } } }
  const { command: program, args, env } = config.secrets.providers.hardshell
  const uid = String(gatewayUid(installation))
  const { out, err } = await runToEnd('setpriv', ['--reuid', uid, '--regid', uid, '--clear-groups', '--', program, ...args], { env: { ...env, PATH: `${env['PATH']}:/usr/bin:/bin` }, input: JSON.stringify({ protocolVersion: 1, provider: 'hardshell', ids }) })
  expect(out, err).not.toBe('')
  return JSON.parse(out) as Answer
}

/** As soon as OpenClaw, which is still starting, was given the bot's token. */
async function askAgainInTheWindow(): Promise<Answer> {
  await until('OpenClaw to be given the token', 300_000, () => existsSync(installation.log) && decisions('TELEGRAM_BOT_TOKEN').length > 0)
  return await askProvider('TELEGRAM_BOT_TOKEN')
}

/** What the log says of everybody who asked for a secret. */
const decisions = (id: string, since = 0): { decision: unknown; rule: unknown; event_type: unknown; severity: unknown }[] =>
  readLog(installation.log)
    .filter(({ target, seq }) => target === `secret ${id}` && seq >= since)
    .map(({ decision, rule, event_type, severity }) => ({ decision, rule, event_type, severity }))

const given = { decision: 'allow', rule: 'secrets.exec.given', event_type: 'auth_event', severity: 'info' }
const refused = (rule: string): object => ({ decision: 'deny', rule, event_type: 'auth_event', severity: 'warning' })
const seen = (): SeenRequest[] => readFileSync(join(installation.root, 'seen.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as SeenRequest)

/** What the bot said to this person after a message; Telegram shows an answer in one or several edits, the last one counts. */
async function answerTo(person: number, text: string): Promise<string> {
  const before = telegram.sent.length
  telegram.say(person, text)
  const mine = (): string[] => telegram.sent.slice(before).filter(({ chat }) => chat === person).map((message) => message.text)
  return await until(`an answer to ${person}`, 60_000, () => mine().find((said) => /five|limit|budget/.test(said)) ?? null)
}

/** As the Control UI does, through the front door. */
async function inGateway<T>(ask: (rpc: GatewayRpc) => Promise<T>): Promise<T> {
  const rpc = await connectGateway(`ws://127.0.0.1:${installation.ports.ingress}`, new Secret(operatorToken(installation)))
  return await ask(rpc).finally(() => rpc.close())
}

const answerInWebchat = async (text: string): Promise<string> =>
  await inGateway(async (rpc) => {
    const sessionKey = `agent:main:web-${crypto.randomUUID()}`
    await rpc.call('chat.send', { sessionKey, message: text, idempotencyKey: crypto.randomUUID() })
    return await until('an answer in the web chat', 60_000, async () => {
      const { messages } = (await rpc.call('chat.history', { sessionKey })) as { messages: { role: string; content: unknown }[] }
      const said = messages.find(({ role }) => role === 'assistant')
      return said ? JSON.stringify(said.content) : null
    })
  })

describe('a channel whose token lies only in Vault', () => {
  it('is handed the token once, while the gateway starts, and works with it', async () => {
    await until('the bot to poll', 60_000, () => telegram.tokens.size > 0)
    expect([...telegram.tokens]).toEqual([botToken])
    expect(await answerTo(other, 'SAY:take five')).toContain('take five')
    expect(decisions('TELEGRAM_BOT_TOKEN')[0]).toEqual(given)
  })

  it("is kept from a process of the gateway's user that asks too while it starts, and that is a critical alert", () => {
    expect(tooSoon).toEqual({ protocolVersion: 1, values: {}, errors: { TELEGRAM_BOT_TOKEN: { code: 'DENIED' } } })
    expect(decisions('TELEGRAM_BOT_TOKEN')[1]).toEqual({ decision: 'deny', rule: 'secrets.exec.asked-twice', event_type: 'alert', severity: 'critical' })
  })

  it('is kept from whoever asks later, when agents can act', async () => {
    const since = logLength(installation.log)
    expect((await askProvider('TELEGRAM_BOT_TOKEN')).values).toEqual({})
    expect(decisions('TELEGRAM_BOT_TOKEN', since)).toEqual([refused('secrets.exec.closed')])
  })

  it('talks to a model whose key lies only in Vault, and neither stands in a file of the installation', async () => {
    expect(new Set(seen().map(({ key }) => key))).toEqual(new Set([modelKey]))
    const virtualKey = /"(hs_vk_[^"]+)"/.exec(readFileSync(join(installation.state, 'openclaw/config/openclaw.json'), 'utf8'))![1]!
    expect(await filesWith(installation, [virtualKey]), 'the search finds what is there').not.toEqual([])
    expect(await filesWith(installation, [botToken, modelKey, skillKey, vault.rootToken])).toEqual([])
  })

  it('gets a changed token by secrets reload, without a restart', async () => {
    const { gateway } = await until('the guard to say how it is', 20_000, () => statusOf(installation))
    const since = logLength(installation.log)
    vault.write('secret/data/openclaw/telegram', { token: freshToken })
    telegram.replaceToken(freshToken)
    const { status, err } = await command(installation, ['secrets', 'reload'])
    expect(status, err).toBe(0)
    expect(decisions('TELEGRAM_BOT_TOKEN', since)).toEqual([given])
    await until('the bot to poll with the new token', 60_000, () => telegram.tokens.has(freshToken))
    expect(await answerTo(other, 'SAY:still five')).toContain('still five')
    expect((await statusOf(installation))!.gateway).toMatchObject({ pid: gateway.pid, restarts: 0 })
    expect((await askProvider('TELEGRAM_BOT_TOKEN')).values, 'the window is closed again').toEqual({})
  })
})

describe('a secret that is for one skill', () => {
  it('is handed to OpenClaw for that skill, and the same secret is refused for another, which stays out of use', async () => {
    expect(decisions('skills/forecast/FORECAST_KEY')[0]).toEqual(given)
    expect(decisions('skills/gossip/FORECAST_KEY')[0]).toEqual(refused('secrets.scope.skill'))
    const { degradedSecretOwners } = (await inGateway((rpc) => rpc.call('status'))) as { degradedSecretOwners: { ownerId: string; state: string }[] }
    expect(degradedSecretOwners.map(({ ownerId, state }) => [ownerId, state])).toEqual([['skill:gossip', 'unavailable']])
    expect(processesOf(gatewayUid(installation)).some((pid) => textsInMemory(pid, [skillKey]).length > 0)).toBe(true)
  })

  it('is refused to the agent itself, by name or as another skill', async () => {
    const since = logLength(installation.log)
    const ids = ['FORECAST_KEY', 'agents/main/FORECAST_KEY', 'skills/gossip/FORECAST_KEY']
    expect((await askProvider(...ids)).values).toEqual({})
    expect(ids.map((id) => decisions(id, since))).toEqual([[refused('secrets.scope.skill-only')], [refused('secrets.scope.skill-only')], [refused('secrets.scope.skill')]])
  })
})

describe('money of a channel', () => {
  it('stops the person who spent the limit of one user, and nobody else', async () => {
    expect(await answerTo(spender, 'USAGE:190000 SAY:all five')).toContain('all five')
    expect(await answerTo(spender, 'SAY:high five')).toMatch(/limit|budget/i)
    expect(await answerTo(other, 'SAY:five left')).toContain('five left')
    const denied = readLog(installation.log).filter(({ rule, reason }) => rule?.startsWith('budget.') && reason?.includes('budgets.per_user'))
    expect(denied[0]).toMatchObject({ decision: 'deny', reason: expect.stringContaining(`user "${spender}"`) })
    expect(denied.filter(({ reason }) => reason?.includes(String(other)))).toEqual([])
  })

  it('stops everybody on a channel that spent its limit, in plain words, and no other channel', async () => {
    const since = logLength(installation.log)
    expect(await answerTo(third, 'USAGE:400000 SAY:the last five')).toContain('the last five')
    const asked = seen().length
    expect(await answerTo(other, 'SAY:one more five')).toMatch(/^Refused by Hardshell: .*budgets\.per_channel.*channel "telegram".*rule budget\.channel/s)
    expect(seen().length, 'the provider was not asked').toBe(asked)
    const denied = await entryThat(installation.log, since, ({ rule }) => rule === 'budget.channel')
    expect(denied).toMatchObject({ event_type: 'model_request', decision: 'deny', agent_id: 'main', session: expect.stringContaining(`:telegram:direct:${other}`), reason: expect.stringContaining('channel "telegram"') })

    expect(await answerInWebchat('SAY:the web goes on')).toContain('the web goes on')
    expect(await chat(installation, 'SAY:and so does the API')).toMatchObject({ whole: true, text: 'and so does the API' })
  })
})
