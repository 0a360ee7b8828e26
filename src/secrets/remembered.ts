import { HardshellError, messageOf, type Clock } from '../base/index.ts'
import { saidNothing } from './failures.ts'
import type { LastGood } from './last-good.ts'
import type { SecretStore, StoredSecret, StoreKind } from './store.ts'

/** What somebody should know about the stores. Names and places, never values. */
export type SecretEvent =
  /** The store said nothing, and a value it gave earlier is used. */
  | { kind: 'last-good-used'; name: string; store: StoreKind; since: string; why: string }
  /** The store answers again. */
  | { kind: 'store-answers-again'; name: string; store: StoreKind }
  /** The value could not be kept for the next outage. */
  | { kind: 'last-good-not-kept'; name: string; store: StoreKind; why: string }

/** Tells it to whoever keeps the log. */
export type ReportSecretEvent = (event: SecretEvent) => void

/** A value that is used although its store said nothing when it was asked last. */
export interface StaleSecret {
  name: string
  store: StoreKind
  /** When the store last gave it, UTC, ISO 8601, or in words that nobody knows. */
  since: string
}

/** A slow store, remembered: who asks twice does not wait twice. */
export interface Remembered {
  readonly store: SecretStore
  /**
   * What is known is given at once, also when it is due for another look, which then happens in the background.
   * @throws HardshellError as the store, when nothing is known and it says no or nothing
   */
  get(name: string): Promise<StoredSecret | null>
  /** Asks the store now, and not a look that began earlier. @returns as `get` */
  refresh(name: string): Promise<StoredSecret | null>
  /** Looks again at whatever is due, and lets the store renew what runs out. Never throws. */
  tend(): Promise<void>
  /** Sorted by name; empty when the store answered every last look. */
  stale(): StaleSecret[]
}

interface Known {
  found: StoredSecret
  lookAgainAtMs: number
  /** When the store said so, UTC, ISO 8601. */
  confirmedAt: string
  /** The store said nothing when it was asked last. */
  stale: boolean
}

// An unreachable store is asked again this soon: an outage ends within a minute for us, and is reported once a minute.
const retryMs = 60_000

interface RememberedPorts {
  clock: Clock
  lastGood: LastGood | null
  report: ReportSecretEvent
}

/**
 * @param ports.lastGood where values are kept, sealed, for a start without the store; `null`: nowhere. It is used only
 *   while the store says nothing. When the store says no, or that the secret is gone, that holds at once.
 */
export function createRemembered(store: SecretStore, { ttlMs }: { ttlMs: number }, ports: RememberedPorts): Remembered {
  return new RememberedStore(store, ttlMs, ports)
}

class RememberedStore implements Remembered {
  readonly store: SecretStore
  readonly #ttlMs: number
  readonly #ports: RememberedPorts
  readonly #known = new Map<string, Known>()
  readonly #underway = new Map<string, Promise<StoredSecret | null>>()

  constructor(store: SecretStore, ttlMs: number, ports: RememberedPorts) {
    this.store = store
    this.#ttlMs = ttlMs
    this.#ports = ports
  }

  async get(name: string): Promise<StoredSecret | null> {
    const entry = this.#known.get(name)
    if (!entry) return await this.#share(name)
    // What goes wrong in the background took the value away; the next caller gets the reason.
    if (this.#isDue(entry)) void this.#share(name).catch(() => null)
    return entry.found
  }

  async refresh(name: string): Promise<StoredSecret | null> {
    // A look that is under way may have seen what was there before.
    await this.#underway.get(name)?.catch(() => null)
    return await this.#share(name)
  }

  async tend(): Promise<void> {
    await this.store.tend().catch(() => undefined) // shows again, with its reason, at the next look
    const due = [...this.#known].filter(([, entry]) => this.#isDue(entry))
    for (const [name] of due) await this.#share(name).catch(() => null)
  }

  stale(): StaleSecret[] {
    const stale = [...this.#known].filter(([, entry]) => entry.stale)
    return stale.map(([name, { confirmedAt }]) => ({ name, store: this.store.kind, since: confirmedAt })).toSorted((a, b) => a.name.localeCompare(b.name))
  }

  #isDue({ lookAgainAtMs }: Known): boolean {
    return this.#ports.clock.monotonicMs() >= lookAgainAtMs
  }

  #share(name: string): Promise<StoredSecret | null> {
    const running = this.#underway.get(name)
    if (running) return running
    const started = this.#look(name).finally(() => this.#underway.delete(name))
    this.#underway.set(name, started)
    return started
  }

  async #look(name: string): Promise<StoredSecret | null> {
    let found: StoredSecret | null
    try {
      found = await this.store.get(name)
    } catch (error) {
      if (saidNothing(error)) return await this.#fallBack(name, error)
      this.#known.delete(name)
      if (error instanceof HardshellError && error.code === 'secrets.store-denied') await this.#keep(name, null)
      throw error
    }
    if (this.#known.get(name)?.stale) this.#ports.report({ kind: 'store-answers-again', name, store: this.store.kind })
    if (found) this.#remember(name, found, { confirmedAt: new Date(this.#ports.clock.now()).toISOString(), stale: false })
    else this.#known.delete(name)
    await this.#keep(name, found)
    return found
  }

  async #fallBack(name: string, cause: unknown): Promise<StoredSecret> {
    const known = this.#known.get(name)
    const found = known?.found ?? (await this.#ports.lastGood?.get(name))
    if (!found) throw cause
    const confirmedAt = known?.confirmedAt ?? found.createdAt ?? 'at a time nobody knows'
    this.#ports.report({ kind: 'last-good-used', name, store: this.store.kind, since: confirmedAt, why: codeOf(cause) })
    this.#remember(name, found, { confirmedAt, stale: true })
    return found
  }

  #remember(name: string, found: StoredSecret, how: Pick<Known, 'confirmedAt' | 'stale'>): void {
    const afterMs = how.stale ? Math.min(this.#ttlMs, retryMs) : this.#ttlMs
    this.#known.set(name, { found, ...how, lookAgainAtMs: this.#ports.clock.monotonicMs() + afterMs })
  }

  async #keep(name: string, found: StoredSecret | null): Promise<void> {
    try {
      await this.#ports.lastGood?.keep(name, found?.secret ?? null)
    } catch (error) {
      this.#ports.report({ kind: 'last-good-not-kept', name, store: this.store.kind, why: codeOf(error) })
    }
  }
}

function codeOf(error: unknown): string {
  return error instanceof HardshellError ? error.code : messageOf(error)
}
