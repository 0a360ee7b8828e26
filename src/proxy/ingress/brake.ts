import type { Clock } from '../../base/index.ts'

/** Slows down whoever guesses. Loopback counts too: an agent's own shell sits there. */
export interface Brake {
  failed(address: string): void
  /** How long the next answer to this address must wait. */
  delayMs(address: string): number
}

// Ten slips a minute are more than a person makes; after that one guess a second and connection, which makes a
// 128-bit token no more guessable but a chosen password slow. Real limits and bans come with api.rate_limiting.
const freeFailures = 10
const windowMs = 60_000
const delayMs = 1000
const maxAddresses = 10_000

/** Failures are kept in memory: a restart forgives. */
export function createBrake(clock: Clock): Brake {
  const failures = new Map<string, { count: number; since: number }>()
  const current = (address: string): { count: number; since: number } | undefined => {
    const known = failures.get(address)
    return known && clock.monotonicMs() - known.since < windowMs ? known : undefined
  }
  return {
    failed(address) {
      const known = current(address) ?? { count: 0, since: clock.monotonicMs() }
      failures.delete(address) // re-insert at the end, so that the oldest goes first
      failures.set(address, { ...known, count: known.count + 1 })
      const [oldest] = failures.keys()
      if (failures.size > maxAddresses && oldest !== undefined) failures.delete(oldest)
    },
    delayMs: (address) => ((current(address)?.count ?? 0) >= freeFailures ? delayMs : 0),
  }
}
