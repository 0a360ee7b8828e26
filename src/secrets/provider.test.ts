import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startFakeAws } from '../../tests/fakes/aws-secrets.ts'
import { startFakeVault, type FakeVault } from '../../tests/fakes/vault.ts'
import { codeOf } from '../../tests/suites/secret-store.ts'
import { Secret, systemRandom } from '../base/index.ts'
import { createSecrets, type SecretEvent, type SecretPorts, type Secrets } from './index.ts'
import { SecretPlaces } from './secrets.test.kit.ts'
import { secretsSettings } from './settings.ts'
import { SteppedClock } from './vault/vault.test.kit.ts'

const path = 'secret/data/openclaw/anthropic'

let vault: FakeVault
let places: SecretPlaces
let events: SecretEvent[]
const opened: Secrets[] = []
beforeEach(async () => {
  vault = await startFakeVault()
  places = new SecretPlaces()
  events = []
})
afterEach(async () => {
  for (const secrets of opened.splice(0)) await secrets.close()
  await vault.close()
  places.remove()
})

/** As a guard that starts with the guide's YAML. */
function start(env: Record<string, string> = { VAULT_TOKEN: vault.rootToken }): Secrets {
  const settings = secretsSettings.parse({
    provider: 'vault',
    address: vault.address,
    auth_method: 'token',
    timeout: '700ms',
    paths: { anthropic_api_key: `${path}#key` },
  })
  const { localPath, localKeyPath, folder } = places
  const secrets = createSecrets(
    { env, settings, localPath, localKeyPath, runSecretsDirectory: places.runSecrets, lastGoodPath: `${folder}/last-good.json`, usagePath: `${folder}/used.json` },
    { clock: new SteppedClock(), random: systemRandom, report: (event) => events.push(event) },
  )
  opened.push(secrets)
  return secrets
}

const value = async (secrets: Secrets, name: string): Promise<string | undefined> => (await secrets.get(name))?.reveal()

describe('a name the settings map to Vault', () => {
  it('comes from there, in either case, and is found by a reference', async () => {
    vault.write(path, { key: 'from-vault' })
    const secrets = start()
    expect(await value(secrets, 'ANTHROPIC_API_KEY')).toBe('from-vault')
    expect(await value(secrets, 'anthropic_api_key')).toBe('from-vault')
    expect((await secrets.expand('Bearer $anthropic_api_key')).reveal()).toBe('Bearer from-vault')
    expect((await secrets.find('ANTHROPIC_API_KEY'))?.place).toBe(`vault ${path}#key`)
  })
  it('is looked up nowhere else: a store that says no is not talked around', async () => {
    const secrets = start({ VAULT_TOKEN: vault.rootToken, ANTHROPIC_API_KEY: 'old-one-of-the-shell' })
    await secrets.local!.put('ANTHROPIC_API_KEY', new Secret('old-one-of-the-drawer'))
    expect(await secrets.get('ANTHROPIC_API_KEY')).toBeNull()
    vault.write(path, { key: 'from-vault' })
    vault.forbid(path)
    expect(await codeOf(secrets.get('ANTHROPIC_API_KEY'))).toBe('secrets.store-denied')
  })

  it('leaves every other name where it was', async () => {
    const secrets = start({ VAULT_TOKEN: vault.rootToken, OPENAI_API_KEY: 'of-the-shell' })
    await secrets.local!.put('SLACK_TOKEN', new Secret('of-the-drawer'))
    expect(await value(secrets, 'openai_api_key')).toBe('of-the-shell')
    expect(await value(secrets, 'slack_token')).toBe('of-the-drawer')
  })

  it('names the store when it is nowhere', async () => {
    await expect(start().expand('$ANTHROPIC_API_KEY')).rejects.toMatchObject({
      code: 'secrets.missing',
      message: 'the secret ANTHROPIC_API_KEY was not found in: vault, where secrets of the configuration say it lies',
    })
  })

  it('is rotated there, and what is given afterwards is the new one', async () => {
    vault.write(path, { key: 'before' })
    const secrets = start()
    await value(secrets, 'ANTHROPIC_API_KEY')
    const store = await secrets.storeOf('ANTHROPIC_API_KEY')
    expect(store?.kind).toBe('vault')
    await store!.put('ANTHROPIC_API_KEY', new Secret('after'))
    await secrets.refresh('ANTHROPIC_API_KEY')
    expect(await value(secrets, 'ANTHROPIC_API_KEY')).toBe('after')
  })
})

describe('a start without the store', () => {
  it('uses the last known good value and reports it', async () => {
    vault.write(path, { key: 'from-vault' })
    await value(start(), 'ANTHROPIC_API_KEY')
    await vault.close()
    const secrets = start()
    expect(await value(secrets, 'ANTHROPIC_API_KEY')).toBe('from-vault')
    expect(events).toEqual([{ kind: 'last-good-used', name: 'ANTHROPIC_API_KEY', store: 'vault', since: expect.any(String), why: 'secrets.store-unreachable' }])
  })

  it('does not use it when the store is there and refuses our login', async () => {
    vault.write(path, { key: 'from-vault' })
    await value(start(), 'ANTHROPIC_API_KEY')
    expect(await codeOf(start({ VAULT_TOKEN: 'made-up' }).get('ANTHROPIC_API_KEY'))).toBe('secrets.store-denied')
    expect(events).toEqual([])
  })
})

describe("the store's own credentials", () => {
  it('are found in the usual places, the local store among them', async () => {
    vault.write(path, { key: 'from-vault' })
    const secrets = start({})
    await secrets.local!.put('VAULT_TOKEN', new Secret(vault.rootToken))
    expect(await value(secrets, 'ANTHROPIC_API_KEY')).toBe('from-vault')
  })

  it('are named when they are missing', async () => {
    await expect(start({}).get('ANTHROPIC_API_KEY')).rejects.toMatchObject({ code: 'secrets.missing', message: expect.stringMatching(/^the secret VAULT_TOKEN was not found in/) })
  })
})

describe('uses', () => {
  it('are recorded by name and time, looks are not', async () => {
    vault.write(path, { key: 'from-vault' })
    const secrets = start({ VAULT_TOKEN: vault.rootToken, OTHER_TOKEN: 'x' })
    await secrets.get('anthropic_api_key')
    await secrets.find('OTHER_TOKEN')
    await secrets.close()
    opened.length = 0
    expect([...(await start().usage.read())]).toEqual([['ANTHROPIC_API_KEY', '2026-11-21T12:00:00.000Z']])
  })
})

describe('the other stores of the settings', () => {
  const { env } = process
  const open = (settings: object, ports: Partial<SecretPorts> = {}): Secrets => {
    const { localPath, localKeyPath, runSecrets: runSecretsDirectory } = places
    const secrets = createSecrets(
      { env: { SHELL_TOKEN: 'of-the-shell' }, settings: secretsSettings.parse(settings), localPath, localKeyPath, runSecretsDirectory },
      { clock: new SteppedClock(), random: systemRandom, ...ports },
    )
    opened.push(secrets)
    return secrets
  }

  it("are AWS, with the guide's YAML as it stands", async () => {
    const aws = await startFakeAws()
    const names = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']
    for (const name of names) env[name] ??= 'SAMPLE'
    aws.write('openclaw/prod/anthropic-key', 'from-aws')
    const guide = { provider: 'aws_secrets_manager', region: 'us-east-1', secrets: { anthropic_api_key: 'openclaw/prod/anthropic-key', database_url: 'openclaw/prod/database' } }
    const secrets = open({ ...guide, endpoint: aws.endpoint })
    expect(await value(secrets, 'ANTHROPIC_API_KEY')).toBe('from-aws')
    expect(await secrets.get('DATABASE_URL')).toBeNull()
    expect((await secrets.storeOf('database_url'))?.kind).toBe('aws_secrets_manager')
    await aws.close()
    for (const name of names) if (env[name] === 'SAMPLE') delete env[name]
  })

  it('are the keychain, after environment and files and before the local store', async () => {
    const entries = new Map([['SHELL_TOKEN', 'of-the-keychain'], ['SLACK_TOKEN', 'of-the-keychain']])
    class AsyncEntry {
      readonly #name: string
      constructor(_service: string, name: string) {
        this.#name = name
      }
      getPassword = async (): Promise<string | null> => entries.get(this.#name) ?? null
      setPassword = async (secret: string): Promise<void> => void entries.set(this.#name, secret)
      deleteCredential = async (): Promise<boolean> => entries.delete(this.#name)
    }
    const secrets = open({ provider: 'keychain' }, { loadKeychain: async () => ({ AsyncEntry, findCredentialsAsync: async () => [] }) })
    await secrets.local!.put('SLACK_TOKEN', new Secret('of-the-drawer'))
    expect(await value(secrets, 'SHELL_TOKEN')).toBe('of-the-shell')
    expect(await value(secrets, 'SLACK_TOKEN')).toBe('of-the-keychain')
    expect((await secrets.storeOf('NEW_TOKEN'))?.kind).toBe('keychain')
  })
})
