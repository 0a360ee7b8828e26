import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { startFakeVault, type FakeVault, type FakeVaultLogins } from '../../../tests/fakes/vault.ts'
import { codeOf } from '../../../tests/suites/secret-store.ts'
import { Secret } from '../../base/index.ts'
import { callerProof } from '../aws/caller-proof.ts'
import type { SecretStore } from '../index.ts'
import type { LoginMaterial } from './login.ts'
import { byToken, openVaultStore, SteppedClock, type VaultTrial } from './vault.test.kit.ts'

const paths = { TRIAL: 'secret/data/trial#key' }
const approle = { roleId: 'role-1', secretId: ['secret', 'id', '77'].join('-') }

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

async function open(logins: FakeVaultLogins, material: Partial<LoginMaterial>, more: Partial<VaultTrial> = {}): Promise<{ vault: FakeVault; store: SecretStore }> {
  const vault = await startFakeVault(logins)
  vault.write('secret/data/trial', { key: 'the-value' })
  const store = openVaultStore({ address: vault.address, paths, ...more }, material)
  ends.push(async () => (await store.close(), await vault.close()))
  return { vault, store }
}

const byRole: Partial<LoginMaterial> = {
  method: 'approle',
  secret: async (name) => new Secret(name === 'VAULT_ROLE_ID' ? approle.roleId : approle.secretId),
}
const identity = { accessKeyId: ['AKI', 'DEXAMPLE'].join(''), secretAccessKey: new Secret('sample-key-of-a-test'), sessionToken: new Secret('session') }

describe('logging in to Vault', () => {
  it.each<[string, FakeVaultLogins, Partial<LoginMaterial>]>([
    ['approle', { approle }, byRole],
    ['kubernetes', { kubernetes: { role: 'openclaw', jwt: 'pod-token' } }, { method: 'kubernetes', kubernetesToken: async () => new Secret('pod-token') }],
    ['aws', { aws: { role: 'openclaw' } }, { method: 'aws', awsProof: async () => callerProof({ identity, region: null, serverId: null }, 0) }],
    ['aws with a server id', { aws: { role: 'openclaw', serverId: 'vault.example' } }, { method: 'aws', awsProof: async () => callerProof({ identity, region: 'eu-west-1', serverId: 'vault.example' }, 0) }],
  ])('works with %s', async (_, logins, material) => {
    const { store } = await open(logins, material)
    expect((await store.get('TRIAL'))?.secret.reveal()).toBe('the-value')
  })

  it.each<[string, FakeVaultLogins, Partial<LoginMaterial>]>([
    ['a wrong secret id', { approle: { ...approle, secretId: 'another' } }, byRole],
    ['another role of the pod', { kubernetes: { role: 'admin', jwt: 'pod-token' } }, { method: 'kubernetes', kubernetesToken: async () => new Secret('pod-token') }],
    ['a proof for another server', { aws: { role: 'openclaw', serverId: 'vault.example' } }, { method: 'aws', awsProof: async () => callerProof({ identity, region: null, serverId: 'other.example' }, 0) }],
    ['a token nobody made', {}, byToken('made-up')],
  ])('is refused with %s, and the secret of the login is not told', async (_, logins, material) => {
    const { store } = await open(logins, material)
    expect(await codeOf(store.get('TRIAL'))).toBe('secrets.store-denied')
    const { detail } = await store.health()
    expect(detail).toMatch(/^Vault refused/)
    expect(detail).not.toMatch(/secret-id|pod-token|made-up|session/)
  })

  it('names a mount of its own', async () => {
    const { vault, store } = await open({ approle }, { ...byRole, mount: 'logins/approle' })
    await store.get('TRIAL')
    expect(vault.seen[0]?.path).toBe('auth/logins/approle/login')
  })

  it('asks in the namespace, with every call', async () => {
    const { vault, store } = await open({ approle, namespace: 'team/a' }, byRole, { namespace: 'team/a' })
    expect((await store.get('TRIAL'))?.secret.reveal()).toBe('the-value')
    expect(new Set(vault.seen.map(({ namespace }) => namespace))).toEqual(new Set(['team/a']))
  })

  it('logs in once for callers that come together', async () => {
    const { vault, store } = await open({ approle }, byRole)
    await Promise.all([store.get('TRIAL'), store.get('TRIAL'), store.get('TRIAL')])
    expect(vault.seen.filter(({ path }) => path === 'auth/approle/login').length).toBe(1)
  })
})

describe('the token of a login', () => {
  it('stays, with what was made under it, when a path is forbidden to the next one too', async () => {
    const { vault, store } = await open({ approle }, byRole, { paths: { ...paths, DB: 'database/creds/app#password' } })
    const before = (await store.get('DB'))!.secret.reveal()
    vault.forbid('secret/data/trial')
    expect(await codeOf(store.get('TRIAL'))).toBe('secrets.store-denied')
    await store.tend()
    expect((await store.get('DB'))!.secret.reveal()).toBe(before)
  })

  it('takes what was made under it along when it ends, and that is made anew under the next', async () => {
    const { vault, store } = await open({ approle }, byRole, { paths: { ...paths, DB: 'database/creds/app#password' } })
    const before = (await store.get('DB'))!.secret.reveal()
    vault.revokeTokens()
    expect(vault.leases()).toEqual([])
    await store.get('TRIAL') // logs in anew
    await store.tend()
    const after = (await store.get('DB'))!.secret.reveal()
    expect(after).not.toBe(before)
    expect(vault.leases().map((id) => id.slice(-12))).toEqual([after.slice(-12)])
  })

  it('is renewed in its last third and not before', async () => {
    const clock = new SteppedClock()
    const { vault, store } = await open({ approle }, byRole, { clock })
    await store.get('TRIAL')
    clock.ms = 2_000_000
    await store.tend()
    expect(vault.seen.some(({ path }) => path === 'auth/token/renew-self')).toBe(false)
    clock.ms = 2_500_000
    await store.tend()
    expect(vault.seen.at(-1)?.path).toBe('auth/token/renew-self')
    clock.ms = 4_000_000 // past the end of the first life
    await store.get('TRIAL')
    expect(vault.seen.filter(({ path }) => path === 'auth/approle/login').length).toBe(1)
  })

  it('is replaced by a new login when it was revoked, within the same call', async () => {
    const { vault, store } = await open({ approle }, byRole)
    await store.get('TRIAL')
    vault.revokeTokens()
    expect((await store.get('TRIAL'))?.secret.reveal()).toBe('the-value')
    expect(vault.seen.filter(({ path }) => path === 'auth/approle/login').length).toBe(2)
  })

  it('is replaced when it ran out while nobody looked', async () => {
    const clock = new SteppedClock()
    const { vault, store } = await open({ approle }, byRole, { clock })
    await store.get('TRIAL')
    vault.revokeTokens()
    clock.ms = 4_000_000
    await store.tend()
    expect((await store.get('TRIAL'))?.secret.reveal()).toBe('the-value')
  })
})

describe('TLS to Vault', () => {
  it('is verified whatever the environment says, and trusts the authority of the settings', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hardshell-vault-'))
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1', '-keyout', key, '-out', cert, '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'], { stdio: 'ignore' })
    const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, reply) =>
      reply.end(JSON.stringify({ data: { data: { key: 'over-tls' }, metadata: { version: 1 } } })),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = `https://localhost:${(server.address() as AddressInfo).port}`
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    const [without, with_] = [openVaultStore({ address, paths }, byToken('x')), openVaultStore({ address, paths, ca: readFileSync(cert, 'utf8') }, byToken('x'))]
    try {
      expect(await codeOf(without.get('TRIAL'))).toBe('secrets.store-unreachable')
      expect((await without.health()).detail).toMatch(/its certificate is self-signed/)
      expect((await with_.get('TRIAL'))?.secret.reveal()).toBe('over-tls')
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before
      await Promise.all([without.close(), with_.close()])
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      rmSync(folder, { recursive: true })
    }
  })
})
