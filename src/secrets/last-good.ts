import { createHash } from 'node:crypto'
import type { Clock, Secret } from '../base/index.ts'
import type { LocalStore } from './local-store.ts'
import type { StoredSecret, StoreKind } from './store.ts'

/** What a store gave last, sealed on this machine for the time it says nothing. */
export interface LastGood {
  /** @returns `null` when nothing is kept of that name from that very place; a damaged memory is none */
  get(name: string): Promise<StoredSecret | null>
  /** `null`: the store has it no longer, or refuses it. Written only when there is something to say. */
  keep(name: string, secret: Secret | null): Promise<void>
}

// The time in the file says how old a value is at most; once an hour is exact enough and spares the disk.
const confirmAfterMs = 3_600_000

/**
 * @param from the store it stands in for; `placeOf` says where exactly a secret lies, with the address of the server:
 *   what another server gave, or this one from another place, is never used in its stead
 */
export function keepLastGood(
  local: LocalStore,
  from: { kind: StoreKind; placeOf(name: string): string },
  { clock }: { clock: Clock },
): LastGood {
  const entryOf = (name: string): string => prefixOf(name) + shortDigest(from.placeOf(name))
  return {
    async get(name) {
      const kept = await local.store.get(entryOf(name)).catch(() => null)
      const place = `last known good of ${from.kind}, confirmed ${kept?.createdAt}`
      return kept && { ...kept, version: null, store: from.kind, place }
    },
    async keep(name, secret) {
      const entry = entryOf(name)
      const ofThisName = (await local.list()).filter((kept) => kept.name.startsWith(prefixOf(name)))
      for (const { name: old } of ofThisName) if (old !== entry || !secret) await local.remove(old)
      if (!secret) return
      const kept = await local.store.get(entry)
      const young = kept?.createdAt != null && clock.now() - Date.parse(kept.createdAt) < confirmAfterMs
      if (!young || kept.secret.reveal() !== secret.reveal()) await local.put(entry, secret)
    },
  }
}

/** By digest: of two names one may begin like the other, and a list of them is nobody's business. */
function prefixOf(name: string): string {
  return `OF_${shortDigest(name.toUpperCase())}__`
}

/** 64 bits tell a few hundred places apart; nobody gains by making two alike. */
function shortDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
