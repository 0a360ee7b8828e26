import type { Clock } from '../../base/index.ts'
import type { VaultSession } from './session.ts'

/** What one path gave, for as long as Vault lets it live. */
export type LeasedData = Readonly<Record<string, unknown>>

/** What Vault said of one pair of credentials. */
export interface NewLease {
  id: string
  leaseMs: number
  renewable: boolean
  data: LeasedData
}

/**
 * Credentials Vault makes on demand (databases, clouds). Every read makes another pair, so that user and password,
 * two fields of one path, must come from one read; and each pair lives only as long as its lease is renewed. Of each
 * path one pair is in use; others are aside: made for a rotation, or the one from before it.
 */
export interface Leases {
  /** The pair in use. `null` when there is none, or it has run out. */
  get(path: string): LeasedData | null
  /** Keeps a pair alive, aside. */
  keep(path: string, lease: NewLease): void
  /** From now on this pair is the one in use. @returns false when it is over */
  use(id: string): boolean
  /** The pair that has this value in this field, alive or ended here; `null`: none that was made here. */
  find(path: string, field: string, value: string): string | null
  /** Those of a path that are not in use. */
  aside(path: string): string[]
  /** It was ended: not renewed, not given out. */
  ended(id: string): void
  /**
   * Renews those with a third or less of their life left. What is not renewed is forgotten and read anew, and so is what
   * was made under a token from before the last login: Vault revokes it with that token (its documentation, "Lease,
   * renew, and revoke").
   */
  tend(session: VaultSession): Promise<void>
}

interface Lease {
  path: string
  /** Which token of the session it was made under. */
  token: number
  data: LeasedData
  renewable: boolean
  renewAtMs: number
  endsAtMs: number
}

// Kept to ask Vault about it once more, at the end of a rotation.
const maxOver = 16

export function createLeases({ clock, tokenNumber }: { clock: Clock; tokenNumber(): number }): Leases {
  const held = new Map<string, Lease>()
  const inUse = new Map<string, string>()
  const over = new Map<string, Lease>()
  const isAlive = (lease: Lease | undefined): lease is Lease => lease !== undefined && clock.monotonicMs() < lease.endsAtMs
  const hold = (id: string, lease: Pick<Lease, 'path' | 'token' | 'data' | 'renewable'>, leaseMs: number): void => {
    const now = clock.monotonicMs()
    held.set(id, { ...lease, renewAtMs: now + (leaseMs * 2) / 3, endsAtMs: now + leaseMs })
  }
  const forget = (id: string): void => {
    const path = held.get(id)?.path
    held.delete(id)
    if (path !== undefined && inUse.get(path) === id) inUse.delete(path)
  }
  const ofPath = (path: string): [string, Lease][] => [...held].filter(([, lease]) => lease.path === path && isAlive(lease))
  return {
    get(path) {
      const lease = held.get(inUse.get(path) ?? '')
      return isAlive(lease) ? lease.data : null
    },

    keep: (path, { id, leaseMs, renewable, data }) => hold(id, { path, token: tokenNumber(), data, renewable }, leaseMs),

    use(id) {
      const lease = held.get(id)
      if (isAlive(lease)) inUse.set(lease.path, id)
      return isAlive(lease)
    },

    find: (path, field, value) => [...ofPath(path), ...over].find(([, lease]) => lease.path === path && lease.data[field] === value)?.[0] ?? null,

    aside: (path) => ofPath(path).flatMap(([id]) => (inUse.get(path) === id ? [] : [id])),

    ended(id) {
      const lease = held.get(id)
      forget(id)
      if (lease) over.set(id, lease)
      if (over.size > maxOver) over.delete(over.keys().next().value!)
    },

    async tend(session) {
      for (const [id, lease] of held) {
        if (lease.token !== tokenNumber()) {
          forget(id)
          continue
        }
        if (clock.monotonicMs() < lease.renewAtMs) continue
        const leaseMs = lease.renewable ? await renew(session, id).catch(() => undefined) : null
        if (typeof leaseMs === 'number') hold(id, lease, leaseMs)
        // Said nothing: it lives until its end. Said no: it is gone, or soon will be.
        else if (leaseMs === null || clock.monotonicMs() >= lease.endsAtMs) forget(id)
      }
    },
  }
}

/** Source: Vault's API documentation, `/sys/leases/renew`. @returns the new life in ms; `null`: it was refused */
async function renew(session: VaultSession, leaseId: string): Promise<number | null> {
  const answer = await session.call({ method: 'PUT', path: 'sys/leases/renew', body: { lease_id: leaseId } })
  const seconds = answer.body['lease_duration']
  return answer.status === 200 && typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : null
}
