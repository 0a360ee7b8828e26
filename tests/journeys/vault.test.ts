import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startModelUpstream, type ModelUpstream, type SeenRequest } from '../fakes/model-upstream.ts'
import { startFakeVault, type FakeVault } from '../fakes/vault.ts'
import { chat } from './chat.ts'
import { hardshell } from './command.ts'
import { filesWith } from './files.ts'
import { command, ensureProven, gatewayUid, launchGuard, newInstallation, removeInstallation, statusOf, writeSettings, type Installation } from './installation.ts'
import { entryThat, logLength, readLog } from './log.ts'
import { textsInMemory } from './memory.ts'
import { exposedText, isAlive, processesOf } from './processes.ts'
import { pause, until } from './wait.ts'

/** The provider's key lies in Vault and nowhere else, and is for agent `main` alone. Vault is a fake that speaks the wire format. */
let vault: FakeVault
let upstream: ModelUpstream
let installation: Installation
const modelKey = ['sk', 'only', 'in', 'vault', crypto.randomUUID()].join('-')
const place = 'secret/data/openclaw/model'

beforeAll(async () => {
  vault = await startFakeVault()
  vault.write(place, { key: modelKey })
  installation = await newInstallation('vault')
  upstream = await startModelUpstream(join(installation.root, 'seen.jsonl'))
  writeSettings(
    installation,
    `models:\n  providers:\n    fake:\n      api: openai-completions\n      base_url: "http://127.0.0.1:${upstream.port}/v1"\n      key: $TRIAL_API_KEY\n      models: [gpt-5-mini]\n` +
      `secrets:\n  provider: vault\n  address: "${vault.address}"\n  auth_method: token\n  cache_ttl: 1s\n  paths:\n    trial_api_key: "${place}#key"\n  scopes:\n    trial_api_key: { agents: [main] }\n` +
      'budgets:\n  prices:\n    fake/gpt-5-mini: { input: 1, output: 1 }\n',
  )
  const file = join(installation.state, 'openclaw/config/openclaw.json')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, '{ agents: { entries: { main: { default: true }, second: {} } } }\n')
  const put = await hardshell(['secrets', 'put', 'VAULT_TOKEN', '--state', installation.state], { env: { HOME: installation.root }, input: vault.rootToken })
  expect(put.status, put.err).toBe(0)
  await vault.away()
})
afterAll(async () => {
  await removeInstallation(installation)
  await Promise.all([upstream.close(), vault.close()])
})

const seen = (): SeenRequest[] => readFileSync(join(installation.root, 'seen.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as SeenRequest)
const says = async (text: string, agent = 'main'): Promise<string> => (await chat(installation, `SAY:${text}`, { agent })).text

describe('a guard that starts while Vault is away', () => {
  it('does not start without a value from before, and says which command is next', async () => {
    const pid = launchGuard(installation)
    await until('the guard to give up', 60_000, () => !isAlive(pid))
    const said = JSON.parse(readFileSync(join(installation.root, 'guard.out'), 'utf8')) as unknown
    expect(said).toMatchObject({ error: { code: 'secrets.store-unreachable', hint: expect.stringContaining('hardshell secrets status') } })
    expect(processesOf(gatewayUid(installation)), 'no gateway was started').toEqual([])
    const next = await command(installation, ['secrets', 'status', '--config', installation.config])
    expect(next).toMatchObject({ status: 1, out: expect.stringMatching(/bad +vault +.*cannot be reached/) })
  })

  it('starts with what Vault gave last, says so in status and in the log, and an agent is served', async () => {
    await vault.back()
    const listed = await command(installation, ['secrets', 'list', '--config', installation.config])
    expect(listed.out).toMatch(/TRIAL_API_KEY +vault/)
    await vault.away()
    const asked = vault.seen.length
    const { staleSecrets } = await ensureProven(installation, 300_000)
    expect(staleSecrets).toEqual([{ name: 'TRIAL_API_KEY', store: 'vault', since: expect.stringMatching(/^\d{4}-.*Z$/) }])
    expect((await command(installation, ['status'])).out).toContain(`vault says nothing: TRIAL_API_KEY is used as of ${staleSecrets[0]!.since} (hardshell secrets status)`)
    expect(await entryThat(installation.log, 0, ({ rule }) => rule === 'secrets.last-good-used')).toMatchObject({ event_type: 'alert', severity: 'high', target: 'secret TRIAL_API_KEY' })
    expect(await says('paid from memory')).toBe('paid from memory')
    expect(seen().at(-1)).toMatchObject({ key: modelKey })
    expect(vault.seen.length, 'Vault was really away').toBe(asked)
  }, 320_000)

  it('goes back to Vault by itself when Vault returns', async () => {
    await vault.back()
    await until('the guard to find Vault', 60_000, async () => (await statusOf(installation))?.staleSecrets.length === 0)
    const again = await entryThat(installation.log, 0, ({ rule }) => rule === 'secrets.store-answers-again')
    expect(again).toMatchObject({ event_type: 'lifecycle', target: 'secret TRIAL_API_KEY', reason: 'vault answers again' })
  })
})

describe('a provider key that lies only in Vault', () => {
  it('serves a turn of an agent: the provider sees it and nothing else', async () => {
    expect(await says('paid by the vault')).toBe('paid by the vault')
    expect(vault.seen.filter(({ path }) => path === place)).not.toEqual([])
    expect(new Set(seen().map(({ key }) => key))).toEqual(new Set([modelKey]))
  })

  it("is in no file, no environment, no arguments and no memory of OpenClaw's side", async () => {
    const virtualKey = /"(hs_vk_[^"]+)"/.exec(readFileSync(join(installation.state, 'openclaw/config/openclaw.json'), 'utf8'))![1]!
    expect(await filesWith(installation, [virtualKey]), 'the search finds what is there').not.toEqual([])
    expect(await filesWith(installation, [modelKey])).toEqual([])
    const processes = processesOf(gatewayUid(installation))
    expect(processes.filter((pid) => exposedText(pid).includes(modelKey))).toEqual([])
    expect(new Set(processes.flatMap((pid) => textsInMemory(pid, [modelKey, virtualKey])))).toEqual(new Set([virtualKey]))
    await pause(100) // the search kept this process from hearing which connections were closed meanwhile
  })
})

describe('a provider key that is for one agent', () => {
  it('is refused to the other by name of the rule, in words and in the log, and serves the one it is for', async () => {
    const since = logLength(installation.log)
    const unheard = `not with this key, ${crypto.randomUUID()}`
    const refused = await chat(installation, `SAY:${unheard}`, { agent: 'second' })
    expect(refused).toMatchObject({ status: 200, whole: true })
    expect(refused.text).toMatch(/^Refused by Hardshell: TRIAL_API_KEY is not for agent second \(secrets\.scopes\).*rule secrets\.scope\.agent, visit /s)
    expect(seen().filter(({ text }) => text.includes(unheard)), 'the provider was not asked').toEqual([])
    const denied = await entryThat(installation.log, since, ({ rule }) => rule === 'secrets.scope.agent')
    expect(denied).toMatchObject({ event_type: 'model_request', decision: 'deny', agent_id: 'second' })

    expect(await says('with this key')).toBe('with this key')
    const own = await entryThat(installation.log, since, (entry) => entry.event_type === 'model_request' && entry.agent_id === 'main' && entry.decision === 'allow')
    expect(own.rule).not.toMatch(/^secrets/)
  })
})

describe('a Vault that is away', () => {
  const isNoted = (since: number): boolean => readLog(installation.log).some(({ seq, rule, target }) => seq >= since && rule === 'secrets.last-good-used' && target === 'secret TRIAL_API_KEY')

  it('stops no agent: the last key it gave is used, and that is an alert', async () => {
    const since = logLength(installation.log)
    await vault.close()
    await until('the guard to miss Vault', 60_000, async () => {
      expect(await says('still paid')).toBe('still paid')
      return isNoted(since)
    })
    expect(await says('and again')).toBe('and again')
    expect(seen().at(-1)).toMatchObject({ key: modelKey })
  })

  it('is believed when it comes back and says no', async () => {
    const port = Number(new URL(vault.address).port)
    vault = await startFakeVault({}, port) // another one: to it our token is a stranger's
    const since = logLength(installation.log)
    const refused = await until('the guard to hear the no', 120_000, async () => {
      const said = await says('one more?')
      return said !== 'one more?' && said
    })
    expect(refused).toMatch(/^Refused by Hardshell: .*rule key\.unavailable, visit /s)
    const asked = seen().length
    expect(await says('and now?')).toMatch(/rule key\.unavailable/)
    expect(seen().length, 'the provider was not asked').toBe(asked)
    expect(await entryThat(installation.log, since, ({ rule }) => rule === 'key.unavailable')).toMatchObject({ agent_id: 'main' })
  })
})
