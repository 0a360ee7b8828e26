import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startModelUpstream, type ModelUpstream } from '../fakes/model-upstream.ts'
import { startFakeTelegram, type FakeTelegram } from '../fakes/telegram.ts'
import { startFakeVault, type FakeVault } from '../fakes/vault.ts'
import { hardshell } from './command.ts'
import { ensureProven, newInstallation, removeInstallation, writeSettings, type Installation } from './installation.ts'
import { readLog } from './log.ts'
import { until } from './wait.ts'

/**
 * A chat channel for real, with its bot token and the provider's key in Vault and nowhere else: Vault and Telegram are
 * fakes that speak the wire format, everything between them is real.
 */
let vault: FakeVault
let telegram: FakeTelegram
let upstream: ModelUpstream
let installation: Installation
const botToken = ['999001', 'AA'.padEnd(35, 'trialtoken')].join(':')
const modelKey = ['sk', 'only', 'in', 'vault'.repeat(4)].join('-')
const [spender, other] = [1111, 2222]

beforeAll(async () => {
  vault = await startFakeVault()
  vault.write('secret/data/openclaw/telegram', { token: botToken })
  vault.write('secret/data/openclaw/model', { key: modelKey })
  telegram = await startFakeTelegram(botToken)
  const paths = 'telegram_bot_token: "secret/data/openclaw/telegram#token"\n    trial_api_key: "secret/data/openclaw/model#key"'
  installation = await newInstallation('telegram')
  upstream = await startModelUpstream(join(installation.root, 'seen.jsonl'))
  writeSettings(
    installation,
    `models:\n  providers:\n    fake:\n      api: openai-completions\n      base_url: "http://127.0.0.1:${upstream.port}/v1"\n      key: $TRIAL_API_KEY\n      models: [gpt-5-mini]\n` +
      `secrets:\n  provider: vault\n  address: "${vault.address}"\n  auth_method: token\n  openclaw: [TELEGRAM_BOT_TOKEN]\n  paths:\n    ${paths}\n` +
      'budgets:\n  per_user: "$0.20"\n  prices:\n    fake/gpt-5-mini: { input: 1, output: 1 }\n',
  )
  const file = join(installation.state, 'openclaw/config/openclaw.json')
  mkdirSync(dirname(file), { recursive: true })
  const bot = `{ source: "exec", provider: "hardshell", id: "TELEGRAM_BOT_TOKEN" }`
  writeFileSync(file, `{ channels: { telegram: { enabled: true, botToken: ${bot}, apiRoot: "${telegram.url}", dmPolicy: "open", allowFrom: ["*"], network: { dangerouslyAllowPrivateNetwork: true } } } }\n`)
  const put = await hardshell(['secrets', 'put', 'VAULT_TOKEN', '--state', installation.state], { env: { HOME: installation.root }, input: vault.rootToken })
  expect(put.status, put.err).toBe(0)
  await ensureProven(installation)
})
afterAll(async () => {
  await removeInstallation(installation)
  await Promise.all([upstream.close(), telegram.close(), vault.close()])
})

/** What the bot said to this person after a message; Telegram shows an answer in one or several edits, the last one counts. */
async function answerTo(person: number, text: string): Promise<string> {
  const before = telegram.sent.length
  telegram.say(person, text)
  const mine = (): string[] => telegram.sent.slice(before).filter(({ chat }) => chat === person).map((message) => message.text)
  return await until(`an answer to ${person}`, 60_000, () => mine().find((said) => /five|limit|budget/.test(said)) ?? null)
}

describe('a channel whose token lies only in Vault', () => {
  it('is handed the token once, while the gateway starts, and works with it', async () => {
    await until('the bot to poll', 60_000, () => telegram.tokens.size > 0)
    expect([...telegram.tokens]).toEqual([botToken])
    expect(await answerTo(other, 'SAY:take five')).toContain('take five')
    const handed = readLog(installation.log).filter(({ target }) => target === 'secret TELEGRAM_BOT_TOKEN')
    expect(handed.map(({ decision }) => decision)).toContain('allow')
  })

  it('talks to a model whose key lies only in Vault, and neither stands in a file of the installation', async () => {
    const seen = readFileSync(join(installation.root, 'seen.jsonl'), 'utf8')
    expect(seen).toContain(`"key":"${modelKey}"`)
    for (const file of textFiles(installation.state)) {
      const text = readFileSync(file, 'latin1')
      for (const secret of [botToken, modelKey, vault.rootToken]) expect(text.includes(secret), file).toBe(false)
    }
  })

  it('stops the person who spent the limit of one user, and nobody else', async () => {
    expect(await answerTo(spender, 'USAGE:190000 SAY:all five')).toContain('all five')
    expect(await answerTo(spender, 'SAY:high five')).toMatch(/limit|budget/i)
    expect(await answerTo(other, 'SAY:five left')).toContain('five left')
    const denied = readLog(installation.log).filter(({ rule, reason }) => rule?.startsWith('budget.') && reason?.includes('budgets.per_user'))
    expect(denied[0]).toMatchObject({ decision: 'deny', reason: expect.stringContaining(`user "${spender}"`) })
    expect(denied.filter(({ reason }) => reason?.includes(String(other)))).toEqual([])
  })
})

function textFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
}
