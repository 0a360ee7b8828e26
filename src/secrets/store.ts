import type { Secret } from '../base/index.ts'

/** Where a secret can lie. */
export type StoreKind = 'environment' | 'files' | 'keychain' | 'vault' | 'aws_secrets_manager' | 'local'

/** A value as a store gave it, with what an inventory may show of it. */
export interface StoredSecret {
  secret: Secret
  /** In the store's own words; `null` where the store keeps no versions. */
  version: string | null
  /** When this version was made, UTC, ISO 8601; `null` where the store does not say. */
  createdAt: string | null
  store: StoreKind
  /** `vault secret/data/app#key`, `file /run/secrets/app_key`: a place, never a value. */
  place: string
}

/** One version of a secret, without its value. */
export interface SecretVersion {
  version: string
  /** UTC, ISO 8601; `null` where the store does not say. */
  createdAt: string | null
  current: boolean
}

/** What a list may show of a secret without reading it. */
export interface StoredName {
  name: string
  /** UTC, ISO 8601; `null` where the store does not say. */
  createdAt: string | null
}

export interface StoreHealth {
  ok: boolean
  detail: string
}

/**
 * One face for every store. Names are names of secrets (`ANTHROPIC_API_KEY`); where they lie inside the store is the
 * store's business. Everything here may fail with the codes of the room: `secrets.store-denied`,
 * `secrets.store-timeout`, `secrets.store-unreachable`, `secrets.store-answer`. A secret that is not there is `null`
 * and no failure. No failure contains a value or a token.
 */
export interface SecretStore {
  readonly kind: StoreKind
  /**
   * @param version in the store's own words; left out: the current one
   * @returns `null` when the store has none of that name, or not that version of it
   */
  get(name: string, version?: string): Promise<StoredSecret | null>
  /** Makes a new current version. @throws HardshellError also `secrets.store-read-only`, `secrets.not-mapped` */
  put(name: string, secret: Secret): Promise<SecretVersion>
  /** Newest first, the current one among them; empty when there is none of that name. */
  versions(name: string): Promise<SecretVersion[]>
  /** @returns false when there was none of that name. @throws HardshellError also `secrets.store-read-only` */
  remove(name: string): Promise<boolean>
  /** The secret as something the store makes on demand; `null` for one that is kept. Left out: this store makes none. */
  leased?(name: string): LeasedSecret | null
  /** Sorted by name. */
  list(): Promise<StoredName[]>
  /** Never throws. */
  health(): Promise<StoreHealth>
  /** Renews what runs out soon (tokens, leases). Called every few seconds while a guard runs; cheap when nothing is due. */
  tend(): Promise<void>
  /** Ends connections. Nothing may be asked afterwards. */
  close(): Promise<void>
}

/** A secret that a store makes on demand and ends when it is told to, or when nobody renews it. */
export interface LeasedSecret {
  /** Names that come from one read with it (user and password), and so change with it. */
  readonly names: readonly string[]
  /** Has another one made. It is kept alive and not in use until `put` is told its value. */
  make(): Promise<{ secret: Secret; id: string }>
  /** The store's own name for it; `null` when this process did not have it made, or it ran out. */
  idOf(secret: Secret): string | null
  /** Those that were made and are not in use. */
  leftOver(): string[]
  /** As the store says now. */
  isAlive(id: string): Promise<boolean>
  /** For good. One that has ended is no failure. */
  end(id: string): Promise<void>
}

/** For stores with nothing to renew and nothing open. */
export const nothingToTend: Pick<SecretStore, 'tend' | 'close'> = { tend: async () => {}, close: async () => {} }
