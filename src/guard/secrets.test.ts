import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { NewEntry } from '../auditlog/index.ts'
import { Secret } from '../base/index.ts'
import { startFakeVault } from '../../tests/fakes/vault.ts'
import { defaultConfig } from '../config/index.ts'
import { statePaths } from './paths.ts'
import { openSecrets, secretEvents } from './secrets.ts'

describe('the stores of an installation', () => {
  it('log as an alert that Vault says nothing and an earlier value is used, also when the log was opened later', async () => {
    const root = mkdtempSync(join(tmpdir(), 'hardshell-stores-'))
    const vault = await startFakeVault()
    vault.write('secret/data/app', { key: 'from-vault' })
    const settings = { ...defaultConfig().secrets, provider: 'vault' as const, address: vault.address, auth_method: 'token' as const, role: 'x', kubernetes_token_file: '/x', timeout: 500, paths: { app_key: 'secret/data/app#key' } }
    const open = (events = secretEvents()): ReturnType<typeof openSecrets> => openSecrets(statePaths(root), { VAULT_TOKEN: vault.rootToken }, settings, { report: events.report })
    const first = open()
    expect((await first.get('APP_KEY'))?.reveal()).toBe('from-vault')
    await first.close()
    await vault.close()
    const [events, entries] = [secretEvents(), [] as NewEntry[]]
    const second = open(events)
    expect((await second.get('APP_KEY'))?.reveal()).toBe('from-vault')
    events.connect({ append: async (entry) => (entries.push(entry), { seq: 0, hash: '' }) })
    expect(entries).toEqual([
      { event_type: 'alert', severity: 'high', target: 'secret APP_KEY', rule: 'secrets.last-good-used', reason: expect.stringMatching(/^vault says nothing \(secrets\.store-unreachable\): the value confirmed 20.* is used$/) },
    ])
    events.report({ kind: 'store-answers-again', name: 'APP_KEY', store: 'vault' })
    expect(entries[1]).toMatchObject({ event_type: 'lifecycle', rule: 'secrets.store-answers-again' })
    await second.close()
    rmSync(root, { recursive: true })
  })

  it('are those of this machine when no settings are given', async () => {
    const root = mkdtempSync(join(tmpdir(), 'hardshell-stores-'))
    const secrets = openSecrets(statePaths(root), { ONE_TOKEN: 'x' })
    await secrets.local.put('TWO_TOKEN', new Secret('y'))
    expect(secrets.stores.map(({ kind }) => kind)).toEqual(['environment', 'files', 'local'])
    expect([(await secrets.get('ONE_TOKEN'))?.reveal(), (await secrets.get('TWO_TOKEN'))?.reveal()]).toEqual(['x', 'y'])
    rmSync(root, { recursive: true })
  })
})
