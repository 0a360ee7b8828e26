import type { Clock } from '../../base/index.ts'
import type { VaultSession } from './session.ts'

/** What one path gave, for as long as Vault lets it live. */
export type LeasedData = Readonly<Record<string, unknown>>

/**
 * Credentials Vault makes on demand (databases, clouds). Every read makes another pair, so that user and password,
 * two fields of one path, must come from one read; and each pair lives only as long as its lease is renewed.
 */
export interface Leases {
  /** `null` when there is none, or it has run out. */
  get(path: string): LeasedData | null
  keep(path: string, lease: { id: string; leaseMs: number; renewable: boolean; data: LeasedData }): void
  /** Renews those with a third or less of their life left; what is not renewed is forgotten and read anew. */
  tend(session: VaultSession): Promise<void>
}

interface Lease {
  id: string
  data: LeasedData
  renewable: boolean
  renewAtMs: number
  endsAtMs: number
}

export function createLeases({ clock }: { clock: Clock }): Leases {
  const held = new Map<string, Lease>()
  const hold = (path: string, lease: Omit<Lease, 'renewAtMs' | 'endsAtMs'>, leaseMs: number): void => {
    const now = clock.monotonicMs()
    held.set(path, { ...lease, renewAtMs: now + (leaseMs * 2) / 3, endsAtMs: now + leaseMs })
  }
  return {
    get(path) {
      const lease = held.get(path)
      return lease && clock.monotonicMs() < lease.endsAtMs ? lease.data : null
    },

    keep: (path, { id, leaseMs, renewable, data }) => hold(path, { id, renewable, data }, leaseMs),

    async tend(session) {
      for (const [path, lease] of held) {
        if (clock.monotonicMs() < lease.renewAtMs) continue
        const leaseMs = lease.renewable ? await renew(session, lease.id).catch(() => undefined) : null
        if (typeof leaseMs === 'number') hold(path, lease, leaseMs)
        // Said nothing: it lives until its end. Said no: it is gone, or soon will be.
        else if (leaseMs === null || clock.monotonicMs() >= lease.endsAtMs) held.delete(path)
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
