import { HardshellError, messageOf, type Clock, type Secret } from '../base/index.ts'
import { saidNothing } from './failures.ts'
import type { LocalStore } from './local-store.ts'
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

/** A slow store, remembered: who asks twice does not wait twice. */
export interface Remembered {
  readonly store: SecretStore
  /**
   * What is known is given at once, also when it is due for another look, which then happens in the background.
   * @throws HardshellError as the store, when nothing is known and it says no or nothing
   */
  get(name: string): Promise<StoredSecret | null>
  /** Asks the store now. @returns as `get` */
  refresh(name: string): Promise<StoredSecret | null>
  /** Looks again at whatever is due, and lets the store renew what runs out. Never throws. */
  tend(): Promise<void>
}

interface Known {
  found: StoredSecret
  lookAgainAtMs: number
  /** The store said nothing when it was asked last. */
  stale: boolean
}

// An unreachable store is asked again this soon: an outage ends within a minute for us, and is reported once a minute.
const retryMs = 60_000

/**
 * @param ports.lastGood where values are kept, sealed, for a start without the store; `null`: nowhere. It is used only
 *   while the store says nothing. When the store says no, or that the secret is gone, that holds at once.
 */
export function createRemembered(
  store: SecretStore,
  { ttlMs }: { ttlMs: number },
  { clock, lastGood, report }: { clock: Clock; lastGood: LocalStore | null; report: ReportSecretEvent },
): Remembered {
  const known = new Map<string, Known>()
  const underway = new Map<string, Promise<StoredSecret | null>>()

  const remember = (name: string, found: StoredSecret, stale: boolean): StoredSecret => {
    const afterMs = stale ? Math.min(ttlMs, retryMs) : ttlMs
    known.set(name, { found, stale, lookAgainAtMs: clock.monotonicMs() + afterMs })
    return found
  }
  const keep = async (name: string, found: StoredSecret | null): Promise<void> => {
    if (!lastGood) return
    try {
      await keepLastGood(lastGood, name, found?.secret ?? null, clock)
    } catch (error) {
      report({ kind: 'last-good-not-kept', name, store: store.kind, why: codeOf(error) })
    }
  }
  const fallBack = async (name: string, cause: unknown): Promise<StoredSecret> => {
    const earlier = known.get(name)?.found ?? (lastGood && (await readLastGood(lastGood, name, store.kind)))
    if (!earlier) throw cause
    report({ kind: 'last-good-used', name, store: store.kind, since: earlier.createdAt ?? 'an earlier look', why: codeOf(cause) })
    return remember(name, earlier, true)
  }
  const look = async (name: string): Promise<StoredSecret | null> => {
    let found: StoredSecret | null
    try {
      found = await store.get(name)
    } catch (error) {
      if (saidNothing(error)) return await fallBack(name, error)
      known.delete(name)
      if (error instanceof HardshellError && error.code === 'secrets.store-denied') await keep(name, null)
      throw error
    }
    if (known.get(name)?.stale) report({ kind: 'store-answers-again', name, store: store.kind })
    if (found) remember(name, found, false)
    else known.delete(name)
    await keep(name, found)
    return found
  }
  const refresh = (name: string): Promise<StoredSecret | null> => {
    const running = underway.get(name)
    if (running) return running
    const started = look(name).finally(() => underway.delete(name))
    underway.set(name, started)
    return started
  }
  return {
    store,
    refresh,
    async get(name) {
      const entry = known.get(name)
      if (!entry) return await refresh(name)
      // What goes wrong in the background took the value away; the next caller gets the reason.
      if (clock.monotonicMs() >= entry.lookAgainAtMs) void refresh(name).catch(() => null)
      return entry.found
    },
    async tend() {
      await store.tend().catch(() => undefined) // shows again, with its reason, at the next look
      const due = [...known].filter(([, { lookAgainAtMs }]) => clock.monotonicMs() >= lookAgainAtMs)
      for (const [name] of due) await refresh(name).catch(() => null)
    },
  }
}

// The time in the file says how old a value is at most; once an hour is exact enough and spares the disk.
const confirmAfterMs = 3_600_000

/** Keeps the value, or the absence of one. Written when it changed, and now and then to say that it still holds. */
async function keepLastGood(lastGood: LocalStore, name: string, secret: Secret | null, clock: Clock): Promise<void> {
  const kept = await lastGood.store.get(name.toUpperCase())
  if (!secret) {
    if (kept) await lastGood.remove(name.toUpperCase())
    return
  }
  const young = kept?.createdAt != null && clock.now() - Date.parse(kept.createdAt) < confirmAfterMs
  if (young && kept.secret.reveal() === secret.reveal()) return
  await lastGood.put(name.toUpperCase(), secret)
}

async function readLastGood(lastGood: LocalStore, name: string, kind: StoreKind): Promise<StoredSecret | null> {
  // A damaged memory is none: the failure to tell is that of the store.
  const kept = await lastGood.store.get(name.toUpperCase()).catch(() => null)
  return kept && { ...kept, version: null, store: kind, place: `last known good of ${kind}, confirmed ${kept.createdAt}` }
}

function codeOf(error: unknown): string {
  return error instanceof HardshellError ? error.code : messageOf(error)
}
