import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { codeOf, describeSecretStore, trialName } from '../../tests/suites/secret-store.ts'
import { Secret, systemRandom } from '../base/index.ts'
import { createEnvironmentStore } from './environment-store.ts'
import { createFolderStore } from './folder-store.ts'
import { openLocalStore } from './index.ts'
import { createKeychainStore, type Keychain } from './keychain-store.ts'
import { file, SecretPlaces } from './secrets.test.kit.ts'

const clock = { now: () => Date.parse('2026-11-21T12:00:00Z'), monotonicMs: () => 0 }

describeSecretStore('the environment', { writable: false, versions: false }, async () => {
  const env: Record<string, string> = { PATH: '/bin' }
  return { store: createEnvironmentStore(env, []), plant: async (value) => void (env[trialName] = value), end: async () => {} }
})

describeSecretStore('a file named by the environment', { writable: false, versions: false }, async () => {
  const [places, env] = [new SecretPlaces(), {} as Record<string, string>]
  const plant = async (value: string): Promise<void> => void (env[`${trialName}_FILE`] = file(join(places.folder, 'key'), `${value}\n`))
  return { store: createEnvironmentStore(env, []), plant, end: async () => places.remove() }
})

describeSecretStore('a folder of secrets', { writable: false, versions: false }, async () => {
  const places = new SecretPlaces()
  const plant = async (value: string): Promise<void> => void file(join(places.runSecrets, 'trial-api-key'), value, 0o444)
  return { store: createFolderStore([places.runSecrets]), plant, end: async () => places.remove() }
})

describeSecretStore('the local store', { writable: true, versions: true }, async () => {
  const places = new SecretPlaces()
  const { store } = openLocalStore({ path: places.localPath, keyPath: places.localKeyPath }, { clock, random: systemRandom })
  return { store, plant: async (value) => void (await store.put(trialName, new Secret(value))), end: async () => places.remove() }
})

describeSecretStore('the keychain', { writable: true, versions: false }, async () => {
  const { keychain, entries, behave } = fakeKeychain()
  return {
    store: createKeychainStore({ service: 'hardshell', timeoutMs: 50 }, async () => keychain),
    plant: async (value) => void entries.set(trialName, value),
    hang: () => behave('hang'),
    end: async () => {},
  }
})

describe('the local store keeps versions', () => {
  it('three of them, and never gives one for another', async () => {
    const places = new SecretPlaces()
    const { store } = openLocalStore({ path: places.localPath, keyPath: places.localKeyPath }, { clock, random: systemRandom })
    for (const value of ['one', 'two', 'three', 'four']) await store.put(trialName, new Secret(value))
    expect((await store.versions(trialName)).map(({ version }) => version)).toEqual(['4', '3', '2'])
    expect((await store.get(trialName, '2'))?.secret.reveal()).toBe('two')
    expect(await store.get(trialName, '1')).toBeNull()
    places.remove()
  })

  it('is not healthy when its key is gone', async () => {
    const places = new SecretPlaces()
    const { store } = openLocalStore({ path: places.localPath, keyPath: places.localKeyPath }, { clock, random: systemRandom })
    await store.put(trialName, new Secret('one'))
    rmSync(places.localKeyPath)
    expect(await store.health()).toMatchObject({ ok: false, detail: expect.stringContaining('is gone') })
    places.remove()
  })
})

describe('the keychain', () => {
  it('says what to use instead where there is none, and not what the package said', async () => {
    const { keychain, behave } = fakeKeychain()
    behave('absent')
    const store = createKeychainStore({ service: 'hardshell', timeoutMs: 50 }, async () => keychain)
    expect(await codeOf(store.get(trialName))).toBe('secrets.keychain-unavailable')
    expect(await codeOf(store.put(trialName, new Secret('x')))).toBe('secrets.keychain-unavailable')
    expect(await store.health()).toEqual({ ok: false, detail: 'this session has no keychain, or it is locked' })
  })

  it('names the package that is missing', async () => {
    const absent = Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })
    const store = createKeychainStore({ service: 'hardshell', timeoutMs: 50 }, () => Promise.reject(absent))
    expect(await codeOf(store.get(trialName))).toBe('secrets.package-missing')
  })
})

describe('what the environment lists', () => {
  it('is what looks like a secret, by name or value, and no other variable', async () => {
    const env = { PATH: '/bin', AWS_REGION: 'eu-west-1', DB_PASSWORD: 'x', KEY_FILE: '/k', GREETING: ['sk', 'a'.repeat(30)].join('-') }
    expect((await createEnvironmentStore(env, []).list()).map(({ name }) => name)).toEqual(['DB_PASSWORD', 'GREETING', 'KEY'])
  })
})

describe('what a folder lists', () => {
  it('are names as they would be asked for; a folder that is not there is empty', async () => {
    const places = new SecretPlaces()
    file(join(places.runSecrets, 'anthropic-api-key'), 'x')
    mkdirSync(join(places.runSecrets, '..data'))
    expect((await createFolderStore([places.runSecrets, join(places.folder, 'gone')]).list()).map(({ name }) => name)).toEqual(['ANTHROPIC_API_KEY'])
    places.remove()
  })
})

function fakeKeychain(): { keychain: Keychain; entries: Map<string, string>; behave(mode: 'as-usual' | 'hang' | 'absent'): void } {
  const entries = new Map<string, string>()
  let mode = 'as-usual'
  const say = async <T>(value: () => T): Promise<T> => {
    return mode === 'hang' ? await new Promise<never>(() => {}) : value()
  }
  class AsyncEntry {
    readonly #name: string
    constructor(_service: string, name: string) {
      if (mode === 'absent') throw new Error('no secret service on the bus') // as the real one does on a server
      this.#name = name
    }
    getPassword = (): Promise<string | null> => say(() => entries.get(this.#name) ?? null)
    setPassword = (value: string): Promise<void> => say(() => void entries.set(this.#name, value))
    deleteCredential = (): Promise<boolean> => say(() => entries.delete(this.#name))
  }
  const findCredentialsAsync = (): Promise<{ account: string }[]> => say(() => [...entries.keys()].map((account) => ({ account })))
  return { keychain: { AsyncEntry, findCredentialsAsync }, entries, behave: (next) => void (mode = next) }
}
