import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startFakeVault, type FakeVault } from '../../../tests/fakes/vault.ts'
import { codeOf, describeSecretStore, trialName } from '../../../tests/suites/secret-store.ts'
import { Secret } from '../../base/index.ts'
import type { SecretStore } from '../index.ts'
import { byToken, openVaultStore, SteppedClock } from './vault.test.kit.ts'

const path = 'secret/data/openclaw/trial'

describeSecretStore('Vault with KV version 2', { writable: true, versions: true }, async () => {
  const vault = await startFakeVault()
  const store = openVaultStore({ address: vault.address, paths: { trial_api_key: `${path}#key` }, timeoutMs: 700 }, byToken(vault.rootToken))
  return {
    store,
    plant: async (value) => vault.write(path, { key: value }),
    deny: () => {
      vault.forbid(path)
      vault.forbid('auth/token/lookup-self')
    },
    hang: () => vault.behave('hang'),
    vanish: () => vault.close(),
    end: async () => {
      await store.close()
      await vault.close()
    },
  }
})

describe('a store on Vault', () => {
  let vault: FakeVault
  let store: SecretStore
  beforeEach(async () => {
    vault = await startFakeVault()
    store = openVaultStore({ address: vault.address, paths: { trial_api_key: `${path}#key`, OTHER: `/v1/${path}#other`, DB: 'database/creds/app#password', DB_USER: 'database/creds/app#username' } }, byToken(vault.rootToken))
  })
  afterEach(async () => {
    await store.close()
    await vault.close()
  })

  it('keeps the other fields of a path when one is written or removed', async () => {
    vault.write(path, { key: 'one', other: 'stays' })
    await store.put(trialName, new Secret('two'))
    expect((await store.get('OTHER'))?.secret.reveal()).toBe('stays')
    expect(await store.remove(trialName)).toBe(true)
    expect(await store.get(trialName)).toBeNull()
    expect((await store.get('OTHER'))?.secret.reveal()).toBe('stays')
  })

  it('does not overwrite what somebody else wrote meanwhile', async () => {
    vault.write(path, { key: 'one' })
    const racing = store.put(trialName, new Secret('mine'))
    // The write of the other lands between our look and our write, which carries the version we saw.
    const before = vault.seen.length
    while (vault.seen.length === before || vault.seen.at(-1)!.path !== path) await new Promise((resolve) => setImmediate(resolve))
    vault.write(path, { key: 'theirs' })
    expect(await codeOf(racing)).toBe('secrets.store-answer')
    expect((await store.get(trialName))?.secret.reveal()).toBe('theirs')
  })

  it('writes after everything was deleted', async () => {
    await store.put(trialName, new Secret('one'))
    await store.remove(trialName)
    expect(await store.put(trialName, new Secret('two'))).toMatchObject({ version: '2' })
    expect((await store.get(trialName))?.secret.reveal()).toBe('two')
    expect((await store.versions(trialName)).map(({ version }) => version)).toEqual(['2'])
  })

  it('says where it would need to know a place for a name that is not mapped', async () => {
    expect(await codeOf(store.put('UNMAPPED', new Secret('x')))).toBe('secrets.not-mapped')
  })

  it('does not write to an engine that makes credentials by itself', async () => {
    expect(await codeOf(store.put('DB', new Secret('x')))).toBe('secrets.store-read-only')
  })

  it.each([
    ['nonsense', 'secrets.store-answer'],
    ['redirect', 'secrets.store-answer'],
    ['too-much', 'secrets.store-answer'],
    ['sealed', 'secrets.store-unreachable'],
  ] as const)('fails on a Vault that is %s', async (mode, code) => {
    vault.write(path, { key: 'one' })
    await store.get(trialName)
    vault.behave(mode)
    expect(await codeOf(store.get(trialName))).toBe(code)
  })

  it('does not follow a redirect, and says what to do about it', async () => {
    await store.get(trialName)
    vault.behave('redirect')
    await expect(store.get(trialName)).rejects.toThrow('redirects (HTTP 307): name the address of the active node')
  })

  it('asks again when Vault is sealed for a moment, three times at most', async () => {
    vault.write(path, { key: 'one' })
    await store.get(trialName)
    vault.seen.length = 0
    vault.behave('sealed')
    await codeOf(store.get(trialName))
    expect(vault.seen.length).toBe(3)
  })

  it('says so when a place holds no text', async () => {
    vault.write(path, { key: 7 as unknown as string })
    expect(await codeOf(store.get(trialName))).toBe('secrets.store-answer')
  })

  it('says null for a field that is not there', async () => {
    vault.write(path, { another: 'field' })
    expect(await store.get(trialName)).toBeNull()
  })

  it('reads user and password of a made credential from one lease', async () => {
    const user = await store.get('DB_USER')
    const password = await store.get('DB')
    expect(password?.secret.reveal()).toBe(`made-for-${user?.secret.reveal().slice(2)}`)
    expect(vault.seen.filter(({ path: asked }) => asked === 'database/creds/app').length).toBe(1)
  })
})

describe('leases of made credentials', () => {
  it('are renewed in their last third, and read anew when they have run out', async () => {
    const [vault, clock] = [await startFakeVault(), new SteppedClock()]
    vault.tokenSeconds = 60
    const store = openVaultStore({ address: vault.address, paths: { DB: 'database/creds/app#password' }, clock }, byToken(vault.rootToken))
    const value = async (): Promise<string | undefined> => (await store.get('DB'))?.secret.reveal()
    const before = await value()
    clock.ms = 41_000
    await store.tend()
    expect(vault.seen.at(-1)?.path).toBe('sys/leases/renew')
    clock.ms = 90_000
    expect(await value()).toBe(before)
    clock.ms = 300_000
    expect(await value()).not.toBe(before)
    await store.close()
    await vault.close()
  })
})
