import type { Clock } from '../../base/index.ts'

/** How often one address may ask: so many a second, and twice as many at once. */
export interface RateLimit {
  /** Takes one question off what the address has left. */
  admits(address: string): boolean
}

// Loopback is one address; a network of containers some dozens.
const maxAddresses = 1024

export function createRateLimit(perSecond: number, clock: Clock): RateLimit {
  const burst = perSecond * 2
  const buckets = new Map<string, { left: number; at: number }>()
  return {
    admits(address) {
      const now = clock.monotonicMs()
      const bucket = buckets.get(address) ?? { left: burst, at: now }
      bucket.left = Math.min(burst, bucket.left + ((now - bucket.at) / 1000) * perSecond)
      bucket.at = now
      if (!buckets.has(address)) {
        if (buckets.size >= maxAddresses) buckets.delete(buckets.keys().next().value!)
        buckets.set(address, bucket)
      }
      if (bucket.left < 1) return false
      bucket.left--
      return true
    },
  }
}
