import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startFakeVault, type FakeVault } from '../../../tests/fakes/vault.ts'
import type { Secret } from '../../base/index.ts'
import type { SecretStore } from '../store.ts'
import { byToken, openVaultStore } from '../vault/vault.test.kit.ts'
import { vaultLeaseIssuer } from './issuers/vault-lease.ts'
import { createRotationJournal } from './journal.ts'
import { resume, rotate, type RotationPorts } from './rotate.ts'

let vault: FakeVault
let store: SecretStore
let sealed: Secret | null
let paths: Record<string, string>
const [user, password] = ['DB_USER', 'DB_PASSWORD']

beforeEach(async () => {
  vault = await startFakeVault()
  sealed = null
  paths = { [user!]: 'database/creds/app#username', [password!]: 'database/creds/app#password', PLAIN: 'secret/data/app#key', CLOUD_ID: 'aws/creds/deploy#access_key', CLOUD_KEY: 'aws/creds/deploy#secret_key' }
  store = openVaultStore({ address: vault.address, paths }, byToken(vault.rootToken))
})
afterEach(async () => {
  await store.close()
  await vault.close()
})

/** As after a restart: whoever asks now has a store that remembers no lease. */
async function restart(): Promise<void> {
  await store.close()
  store = openVaultStore({ address: vault.address, paths }, byToken(vault.rootToken))
}

const valueOf = async (name: string): Promise<string> => (await store.get(name))!.secret.reveal()

function ports(more: Partial<RotationPorts> = {}, name = password!): RotationPorts {
  const issuer = vaultLeaseIssuer(store.leased!(name)!)
  return {
    clock: { now: () => 0, monotonicMs: () => 0 },
    random: { bytes: (count) => Buffer.alloc(count, 7) },
    journal: createRotationJournal({ get: async () => sealed, put: async (secret) => void (sealed = secret) }),
    current: async (name) => (await store.get(name))?.secret ?? null,
    obstacle: async () => null,
    store: async (name, secret) => void (await store.put(name, secret)),
    reload: async () => null,
    drained: async () => {},
    check: async (_, secret, keyId) => await issuer.check!(secret, keyId),
    issuerOf: () => issuer,
    onStep: async () => {},
    pause: async () => {},
    ...more,
  }
}
const request = { name: password!, by: 'ana', accepted: null }

describe('the rotation of credentials that Vault makes on demand', () => {
  it('has another pair made, takes user and password of it together, and ends the lease of the old one', async () => {
    const before = [await valueOf(user!), await valueOf(password!)]
    const [oldLease] = vault.leases()
    expect(vault.leases()).toHaveLength(1)
    expect(await rotate(request, ports())).toMatchObject({ state: 'rotated', detail: 'the new key is accepted, the old one refused' })
    const after = [await valueOf(user!), await valueOf(password!)]
    expect(after[0]).not.toBe(before[0])
    expect(after[1]!.slice(-12)).toBe(after[0]!.slice(-12)) // one pair
    expect(vault.leases()).toHaveLength(1)
    expect(vault.leases()).not.toContain(oldLease)
  })

  it('goes back to the old pair and ends the new one when the store would not give it', async () => {
    const before = await valueOf(password!)
    const [oldLease] = vault.leases()
    const refusing = ports({ check: async () => ({ verdict: 'refused' }) })
    expect(await rotate(request, refusing)).toMatchObject({ state: 'rolled-back', detail: expect.stringContaining('the new key is refused') })
    expect(await valueOf(password!)).toBe(before)
    expect(vault.leases()).toEqual([oldLease])
  })

  it('does not call a rotation done while Vault says the old lease lives', async () => {
    await valueOf(password!)
    const leased = store.leased!(password!)!
    const lasting = { ...vaultLeaseIssuer(leased), revoke: async () => {} }
    expect(await rotate(request, ports({ issuerOf: () => lasting }))).toMatchObject({ state: 'stuck', detail: expect.stringContaining('the old key still works') })
  })

  it('asks nobody twice: who reads both fields at the same time gets one pair', async () => {
    const [name, word] = await Promise.all([valueOf(user!), valueOf(password!)])
    expect(word.slice(-12)).toBe(name.slice(-12))
    expect(vault.leases()).toHaveLength(1)
  })

  it('is not offered for what is kept', () => {
    expect(store.leased!('PLAIN')).toBeNull()
    expect(store.leased!('UNKNOWN')).toBeNull()
    expect(store.leased!(user!)!.names).toEqual([user, password])
  })

  it('says which policy is missing', async () => {
    await valueOf(password!)
    vault.forbid('sys/leases/lookup')
    const done = await rotate(request, ports())
    expect(done).toMatchObject({ state: 'rolled-back', detail: expect.stringContaining('Vault refused to look up a lease') })
  })

  it('rotates access keys of a cloud the same way', async () => {
    const before = await valueOf('CLOUD_KEY')
    const [oldLease] = vault.leases()
    expect(await rotate({ ...request, name: 'CLOUD_KEY' }, ports({}, 'CLOUD_KEY'))).toMatchObject({ state: 'rotated' })
    const [id, key] = [await valueOf('CLOUD_ID'), await valueOf('CLOUD_KEY')]
    expect(key).not.toBe(before)
    expect(key.slice(-12)).toBe(id.slice(-12)) // one pair
    expect(vault.leases()).toEqual([expect.stringMatching(/^aws\/creds\/deploy\//)])
    expect(vault.leases()).not.toContain(oldLease)
  })

  // A guard that comes up again remembers no lease and is given another pair: both of the rotation have to end.
  it.each(['minted', 'stored', 'reloaded', 'validated', 'revoked', 'rolling-back'])('is finished after a restart of the guard at "%s", with one lease alive: that of the pair in use', async (step) => {
    const before = await valueOf(password!)
    let deaths = 0
    const whole = ports(step === 'rolling-back' ? { check: async () => ({ verdict: 'refused' }) } : {})
    const dying: RotationPorts = { ...whole, onStep: async (record) => { if (record.step === step && deaths++ === 0) throw new Error('the guard died here') } }
    expect(await rotate(request, dying)).toMatchObject({ state: 'stuck', detail: expect.stringContaining('the guard died here') })
    expect(await whole.journal.open()).toMatchObject([{ step }])
    await restart()
    const inUse = await valueOf(password!)
    expect(inUse).not.toBe(before)
    expect(await resume(ports())).toMatchObject([{ state: 'rotated', detail: 'the new key is accepted, the old one refused' }])
    expect(await valueOf(password!)).toBe(inUse)
    expect(vault.leases().map((id) => id.slice(-12))).toEqual([inUse.slice(-12)])
    expect(await ports().journal.open()).toEqual([])
  })
})
