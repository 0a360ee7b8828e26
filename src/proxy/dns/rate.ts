import { isLoopback, type Clock } from '../../base/index.ts'

/** How often one asker may ask: so many a second, and twice as many at once. */
export interface RateLimit {
  /** Takes one question off what the address has left. */
  admits(address: string): boolean
}

// Loopback is one asker; a network of containers some dozens.
const maxAddresses = 1024

export function createRateLimit(perSecond: number, clock: Clock): RateLimit {
  const burst = perSecond * 2
  const buckets = new Map<string, { left: number; at: number }>()
  let newest = ''
  return {
    admits(address) {
      const now = clock.monotonicMs()
      // Whoever is on this machine has sixteen million addresses to ask from (127.0.0.0/8).
      const asker = isLoopback(address) ? 'loopback' : address
      const bucket = buckets.get(asker) ?? { left: burst, at: now }
      bucket.left = Math.min(burst, bucket.left + ((now - bucket.at) / 1000) * perSecond)
      bucket.at = now
      // At the end again, spent or not: the one that goes first has not asked for longest, and would be full by now.
      // Who asked last is there already: a Map that one asker leaves and enters is made anew every few questions.
      if (asker === newest) return take(bucket)
      newest = asker
      buckets.delete(asker)
      buckets.set(asker, bucket)
      if (buckets.size > maxAddresses) buckets.delete(buckets.keys().next().value!)
      return take(bucket)
    },
  }
}

function take(bucket: { left: number }): boolean {
  if (bucket.left < 1) return false
  bucket.left--
  return true
}

/**
 * What a running proof may ask although others ask too much. Without it whoever floods the filter would make its proof
 * fail, and a failed proof closes everything.
 */
export interface ProbeAllowance {
  /** Takes one question off what this name has left. Only for names of a running proof. */
  admits(name: string): boolean
}

// A proof asks for two names over UDP and TCP, each a few times where packets are lost. Its names are secrets of one
// run, but a process of the same user can read them from the command line of whoever asks.
const maxProbeQuestions = 64
const maxProbeNames = 64

export function createProbeAllowance(): ProbeAllowance {
  const asked = new Map<string, number>()
  return {
    admits(name) {
      const before = asked.get(name) ?? 0
      asked.set(name, before + 1)
      if (asked.size > maxProbeNames) asked.delete(asked.keys().next().value!)
      return before < maxProbeQuestions
    },
  }
}
