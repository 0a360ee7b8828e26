import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Secret, systemRandom } from '../base/index.ts'
import { generateSecret, takeInventory, type InventoryRow } from './index.ts'
import { canary, failureOf, file, SecretPlaces } from './secrets.test.kit.ts'

let places: SecretPlaces
beforeEach(() => {
  places = new SecretPlaces()
})
afterEach(() => places.remove())

describe('the inventory', () => {
  it('shows where each secret is, how old, how strong, shared with whom, and no value', async () => {
    const secrets = places.secrets({ WEAK_TOKEN: 'changeme', PATH: '/bin' })
    await secrets.local!.put('ONE_API_KEY', new Secret(canary))
    await secrets.local!.put('TWO_API_KEY', new Secret(canary))
    const rows = await takeInventory(secrets, { alsoNames: ['NOWHERE'], scopes: { one_api_key: { agents: ['main'] } } }, { random: systemRandom })
    expect(rows.map(({ name, store, sameAs, scope }) => ({ name, store, sameAs, scope }))).toEqual([
      { name: 'ONE_API_KEY', store: 'local', sameAs: ['TWO_API_KEY'], scope: { agents: ['main'] } },
      { name: 'TWO_API_KEY', store: 'local', sameAs: ['ONE_API_KEY'], scope: null },
      { name: 'WEAK_TOKEN', store: 'environment', sameAs: [], scope: null },
    ])
    expect(rows[0]).toMatchObject({ version: '1', createdAt: '2026-11-21T12:00:00.000Z', problem: null })
    expect(rows[2]?.strength?.verdict).toBe('placeholder')
    expect(JSON.stringify(rows)).not.toContain(canary)
  })

  it('names what cannot be read, and why, beside the others', async () => {
    file(`${places.runSecrets}/broken-token`, canary, 0o606)
    const secrets = places.secrets({ FINE_TOKEN: 'x' })
    const rows: InventoryRow[] = await takeInventory(secrets, { alsoNames: [], scopes: {} }, { random: systemRandom })
    expect(rows.map(({ name, problem }) => [name, problem])).toEqual([
      ['BROKEN_TOKEN', expect.stringContaining('secrets.unsafe-file')],
      ['FINE_TOKEN', null],
    ])
  })
})

describe('generateSecret', () => {
  it('makes at least 32 characters that nobody has to quote, and no two alike', () => {
    const [one, two] = [generateSecret(32, systemRandom).reveal(), generateSecret(24, systemRandom).reveal()]
    expect([one.length, two.length]).toEqual([43, 32])
    expect(one).toMatch(/^[\w-]+$/)
    expect(one).not.toBe(generateSecret(32, systemRandom).reveal())
  })

  it.each([0, 23, 513, 1.5, Number.NaN])('refuses %d bytes', async (bytes) => {
    expect((await failureOf(Promise.resolve().then(() => generateSecret(bytes, systemRandom)))).code).toBe('secrets.bad-length')
  })
})
