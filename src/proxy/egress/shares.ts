import type { Clock } from '../../base/index.ts'
import type { EgressIdentity } from './identity.ts'

/** What one identity may have at once and within an hour. */
export interface ShareLimits {
  maxConnections: number
  /** Both directions together. `Infinity`: no limit. */
  bytesPerHour: number
}

/** One connection's hold on what its identity may have. */
export interface Share {
  readonly bytesPerHour: number
  /** @returns false when the hour's bytes are used up */
  spend(bytes: number): boolean
  /** Gives the place back. Once. */
  leave(): void
}

/** Keeps one identity from taking everything there is. Counts are forgotten with the hour, and with the process. */
export interface Shares {
  /** @returns a sentence that says which limit is reached, or the share */
  take(identity: EgressIdentity): Share | string
}

const hourMs = 3_600_000

/** @param limitsFor asked once for each identity that comes */
export function createShares(limitsFor: (identity: EgressIdentity) => ShareLimits, clock: Clock): Shares {
  const users = new Map<string, { limits: ShareLimits; connections: number; bytes: number; sinceMs: number }>()
  return {
    take(identity) {
      const { name } = identity
      const user = users.get(name) ?? { limits: limitsFor(identity), connections: 0, bytes: 0, sinceMs: clock.monotonicMs() }
      users.set(name, user)
      const { maxConnections, bytesPerHour } = user.limits
      if (bytesPerHour !== Infinity && clock.monotonicMs() - user.sinceMs > hourMs) {
        user.bytes = 0
        user.sinceMs = clock.monotonicMs()
      }
      if (user.connections >= maxConnections) return `${name} has ${maxConnections} connections open, as many as it may have`
      if (user.bytes >= bytesPerHour) return `${name} has moved the ${bytesPerHour} bytes it may move within an hour`
      user.connections++
      return {
        bytesPerHour,
        spend: (bytes) => (user.bytes += bytes) <= bytesPerHour,
        leave: () => void user.connections--,
      }
    },
  }
}
