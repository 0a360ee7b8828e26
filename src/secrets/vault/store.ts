import { HardshellError, messageOf, Secret, type Clock } from '../../base/index.ts'
import { badAnswer, denied, notMapped } from '../failures.ts'
import { findByName } from '../secret-name.ts'
import type { SecretStore, SecretVersion, StoredSecret } from '../store.ts'
import { vaultName, type VaultAnswer, type VaultClient } from './client.ts'
import { createLeases, type LeasedData, type Leases } from './leases.ts'
import { onDemand } from './on-demand.ts'
import { readPlace, type VaultPlace } from './place.ts'
import type { VaultSession } from './session.ts'

/** Name of a secret → `path#field`, as in the settings. */
export type VaultPaths = Readonly<Record<string, string>>

/**
 * Secrets that lie in Vault: KV version 2 with its versions, version 1, and engines that make credentials on demand.
 * Only names the settings map are known here. Source: Vault's API documentation, "KV secrets engine – version 2".
 */
export function createVaultStore(
  paths: VaultPaths,
  { client, session, clock }: { client: VaultClient; session: VaultSession; clock: Clock },
): SecretStore {
  const leases = createLeases({ clock, tokenNumber: () => session.tokenNumber() })
  const readTogether = readerOf(session, leases)
  const placeOf = (name: string): VaultPlace | null => {
    const text = findByName(paths, name)
    return text === null ? null : readPlace(text)
  }
  return {
    kind: 'vault',
    get: async (name, version) => {
      const place = placeOf(name)
      return place && (await read(leases, place, readTogether, version))
    },
    put: async (name, secret) => {
      const place = placeOf(name)
      if (!place) throw notMapped(vaultName, name, 'secrets.paths')
      const made = place.metadataPath === null ? leases.find(place.path, place.field, secret.reveal()) : null
      if (made === null || !leases.use(made)) return await write(session, place, { [place.field]: secret.reveal() })
      return { version: 'made on demand', createdAt: null, current: true }
    },
    versions: async (name) => {
      const place = placeOf(name)
      return place?.metadataPath ? await versionsOf(session, place, place.metadataPath) : []
    },
    remove: async (name) => {
      const place = placeOf(name)
      return place !== null && (await removeField(session, place))
    },
    leased: (name) => {
      const place = placeOf(name)
      if (place === null || place.metadataPath !== null) return null
      const names = Object.keys(paths).filter((other) => readPlace(paths[other]!).path === place.path)
      return onDemand(place, names, { session, leases })
    },
    list: async () => Object.keys(paths).sort().map((name) => ({ name: name.toUpperCase(), createdAt: null })),
    health: async () => await healthOf(client, session),
    tend: async () => {
      await session.tend()
      await leases.tend(session)
    },
    close: async () => await client.close(),
  }
}

interface ReadData {
  data: LeasedData
  version: string | null
  createdAt: string | null
}

async function read(leases: Leases, place: VaultPlace, readOnce: ReturnType<typeof readerOf>, version?: string): Promise<StoredSecret | null> {
  if (version !== undefined && !/^[1-9]\d{0,8}$/.test(version)) return null
  const leased = leases.get(place.path)
  const found = leased ? { data: leased, version: null, createdAt: null } : await readOnce(place, version)
  const value = found?.data[place.field]
  if (found === null || value === undefined) return null
  const spot = `${place.path}#${place.field}`
  if (typeof value !== 'string' || value === '') throw badAnswer(vaultName, `keeps something else than text in ${spot}`)
  const { version: number, createdAt } = found
  return { secret: new Secret(value), version: number, createdAt, store: 'vault', place: `vault ${spot}` }
}

/** Who asks for the user and who asks for the password at the same time get those of one pair. */
function readerOf(session: VaultSession, leases: Leases): (place: VaultPlace, version?: string) => Promise<ReadData | null> {
  const underway = new Map<string, Promise<ReadData | null>>()
  return async (place, version) => {
    if (place.metadataPath !== null) return await readPath(session, leases, place, version)
    const reading = underway.get(place.path) ?? readPath(session, leases, place, version).finally(() => underway.delete(place.path))
    underway.set(place.path, reading)
    return await reading
  }
}

async function readPath(session: VaultSession, leases: Leases, place: VaultPlace, version?: string): Promise<ReadData | null> {
  const query: Record<string, string> = version === undefined ? {} : { version }
  const answer = await session.call({ method: 'GET', path: place.path, query })
  if (answer.status === 404) return null // also for a version that was deleted
  refuseAll(answer, `to read ${place.path}`)
  const data = asRecord(answer.body['data'])
  const metadata = asRecord(data?.['metadata'])
  if (place.metadataPath !== null && metadata) {
    const inner = asRecord(data?.['data'])
    return inner && { data: inner, version: String(metadata['version']), createdAt: isoOf(metadata['created_time']) }
  }
  if (!data) throw badAnswer(vaultName, `has no data at ${place.path}`)
  const { lease_id, lease_duration, renewable } = answer.body
  if (typeof lease_id === 'string' && lease_id !== '' && typeof lease_duration === 'number') {
    leases.keep(place.path, { id: lease_id, leaseMs: lease_duration * 1000, renewable: renewable === true, data })
    leases.use(lease_id)
  }
  return { data, version: null, createdAt: null }
}

/** Other fields of the path stay; a change by somebody else meanwhile is refused by Vault (`cas`), not overwritten. */
async function write(session: VaultSession, place: VaultPlace, change: Record<string, string | undefined>): Promise<SecretVersion> {
  if (place.metadataPath === null) {
    throw new HardshellError('secrets.store-read-only', `${place.path} is no path of Vault's KV version 2`, {
      hint: 'write it as secret/data/folder/name#field in secrets.paths',
    })
  }
  const current = await session.call({ method: 'GET', path: place.path })
  if (current.status !== 404) refuseAll(current, `to read ${place.path}`)
  const data = asRecord(current.body['data'])
  // A deleted version is a 404 with its metadata: its number still counts for `cas`.
  const cas = Number(asRecord(data?.['metadata'])?.['version'] ?? 0)
  const body = { options: { cas }, data: { ...asRecord(data?.['data']), ...change } }
  const answer = await session.call({ method: 'POST', path: place.path, body })
  if (answer.status === 400) {
    throw badAnswer(vaultName, `did not take a new version of ${place.path}: somebody else changed it meanwhile`)
  }
  refuseAll(answer, `to write ${place.path}`)
  const made = asRecord(answer.body['data'])
  return { version: String(made?.['version'] ?? cas + 1), createdAt: isoOf(made?.['created_time']), current: true }
}

async function removeField(session: VaultSession, place: VaultPlace): Promise<boolean> {
  const current = await session.call({ method: 'GET', path: place.path })
  if (current.status === 404) return false
  refuseAll(current, `to read ${place.path}`)
  const fields = asRecord(asRecord(current.body['data'])?.['data'])
  if (!fields || !Object.hasOwn(fields, place.field)) return false
  if (Object.keys(fields).length > 1) {
    await write(session, place, { [place.field]: undefined })
    return true
  }
  refuseAll(await session.call({ method: 'DELETE', path: place.path }), `to delete ${place.path}`)
  return true
}

async function versionsOf(session: VaultSession, place: VaultPlace, metadataPath: string): Promise<SecretVersion[]> {
  const answer = await session.call({ method: 'GET', path: metadataPath })
  if (answer.status === 404) return []
  refuseAll(answer, `to read ${metadataPath}`)
  const data = asRecord(answer.body['data'])
  const current = String(data?.['current_version'])
  return Object.entries(asRecord(data?.['versions']) ?? {})
    .filter(([, about]) => asRecord(about)?.['deletion_time'] === '' && asRecord(about)?.['destroyed'] === false)
    .map(([version, about]) => ({ version, createdAt: isoOf(asRecord(about)?.['created_time']), current: version === current }))
    .sort((a, b) => Number(b.version) - Number(a.version))
}

/** Unsealed and answering, and we are let in: two things, because each fails without the other. */
async function healthOf(client: VaultClient, session: VaultSession): Promise<{ ok: boolean; detail: string }> {
  try {
    const seal = await client.call({ method: 'GET', path: 'sys/health', query: { standbyok: 'true', perfstandbyok: 'true' } })
    const self = await session.call({ method: 'GET', path: 'auth/token/lookup-self' })
    refuseAll(self, 'our token')
    const version = String(seal.body['version'] ?? '').replaceAll(/[^\w.+-]/g, '')
    return { ok: true, detail: `Vault ${version} is unsealed and lets us in` }
  } catch (error) {
    return { ok: false, detail: messageOf(error) }
  }
}

/** Vault answers 403 also for what is not there, to whoever may not know. */
function refuseAll({ status }: VaultAnswer, what: string): void {
  if (status === 403) throw denied(vaultName, what, 'give the role of this guard a policy for that path')
  if (status < 200 || status > 299) throw badAnswer(vaultName, `answered HTTP ${status} when asked ${what}`)
}

function asRecord(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null
}

function isoOf(value: unknown): string | null {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(at) ? null : new Date(at).toISOString()
}
