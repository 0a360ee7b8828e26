import { createHmac } from 'node:crypto'
import { HardshellError, messageOf, type Random } from '../base/index.ts'
import type { Secrets } from './lookup.ts'
import { findByName } from './secret-name.ts'
import type { SecretScope } from './scope.ts'
import type { StoredSecret, StoreKind } from './store.ts'
import { strengthOf, type Strength } from './strength.ts'

/** One secret as a list may show it. */
export interface InventoryRow {
  name: string
  /** Where it comes from today; `null` when it cannot be read. */
  store: StoreKind | null
  place: string | null
  version: string | null
  /** UTC, ISO 8601; `null`: the store does not say. */
  createdAt: string | null
  /** UTC, ISO 8601; `null`: never since uses are recorded. */
  lastUsedAt: string | null
  strength: Strength | null
  /** Other names with the very same value: one leak is then several. */
  sameAs: string[]
  scope: SecretScope | null
  /** Why it could not be read; `null` when it could. */
  problem: string | null
}

/**
 * Every secret that is known by name: of the stores, and those the caller adds because settings refer to them. Values
 * are read, judged and compared in memory under a key of this one call; nothing of them is in the result.
 */
export async function takeInventory(
  secrets: Secrets,
  { alsoNames, scopes }: { alsoNames: readonly string[]; scopes: Readonly<Record<string, SecretScope>> },
  { random }: { random: Random },
): Promise<InventoryRow[]> {
  const used = await secrets.usage.read()
  const key = random.bytes(32)
  const digests = new Map<string, string>()
  const rows: InventoryRow[] = []
  for (const name of await namesOf(secrets, alsoNames)) {
    const { found, problem } = await look(secrets, name)
    if (!found && problem === null) continue
    if (found) digests.set(name, createHmac('sha256', key).update(found.secret.reveal()).digest('base64'))
    rows.push({
      name,
      store: found?.store ?? null,
      place: found?.place ?? null,
      version: found?.version ?? null,
      createdAt: found?.createdAt ?? null,
      lastUsedAt: used.get(name.toUpperCase()) ?? null,
      strength: found ? strengthOf(found.secret.reveal()) : null,
      sameAs: [],
      scope: findByName(scopes, name),
      problem,
    })
  }
  return rows.map((row) => ({ ...row, sameAs: sharers(digests, row.name) }))
}

/** A store that cannot list hides its names, not the others'. */
async function namesOf(secrets: Secrets, alsoNames: readonly string[]): Promise<string[]> {
  const names = new Map(alsoNames.map((name) => [name.toUpperCase(), name]))
  for (const store of secrets.stores) {
    for (const { name } of await store.list().catch(() => [])) names.set(name.toUpperCase(), name)
  }
  return [...names.values()].sort()
}

async function look(secrets: Secrets, name: string): Promise<{ found: StoredSecret | null; problem: string | null }> {
  try {
    return { found: await secrets.find(name), problem: null }
  } catch (error) {
    return { found: null, problem: error instanceof HardshellError ? `${error.code}: ${error.message}` : messageOf(error) }
  }
}

function sharers(digests: ReadonlyMap<string, string>, name: string): string[] {
  const digest = digests.get(name)
  if (digest === undefined) return []
  return [...digests].flatMap(([other, theirs]) => (other !== name && theirs === digest ? [other] : []))
}
