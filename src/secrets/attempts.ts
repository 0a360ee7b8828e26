import { setTimeout as wait } from 'node:timers/promises'
import type { Random } from '../base/index.ts'
import { saidNothing, timedOut } from './failures.ts'

// Two retries bridge a failover of a load balancer; more only delay the answer that the store is down.
const attempts = 3
const firstPauseMs = 100

/**
 * Asks a store, again when it said nothing, and never longer than `timeoutMs` in all.
 * @param work gets a signal it must obey: an abort of it counts as a time-out
 */
export async function withAttempts<T>(
  { store, timeoutMs }: { store: string; timeoutMs: number },
  work: (signal: AbortSignal) => Promise<T>,
  random: Random,
): Promise<T> {
  const signal = AbortSignal.timeout(timeoutMs)
  for (let attempt = 1; ; attempt++) {
    try {
      return await untilAborted(work(signal), signal)
    } catch (error) {
      if (signal.aborted) throw timedOut(store, timeoutMs)
      if (attempt === attempts || !saidNothing(error)) throw error
    }
    // Full jitter: guards that lost the store together do not come back together.
    const pauseMs = firstPauseMs * 2 ** (attempt - 1) * (0.5 + random.bytes(1)[0]! / 512)
    await wait(pauseMs, undefined, { signal }).catch(() => {
      throw timedOut(store, timeoutMs)
    })
  }
}

/** Also for work that does not notice the signal: Amazon's search for credentials is such. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const settled = new AbortController()
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true, signal: settled.signal })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    settled.abort()
  }
}
