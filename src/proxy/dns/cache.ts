import type { Clock } from '../../base/index.ts'
import type { Screened } from './screen.ts'

/** Answers that were screened, for as long as they live. Bounded: the least recently used goes first. */
export interface AnswerCache {
  /** @returns the answer with what is left of its time, or `null` */
  find(name: string, type: string): Screened | null
  keep(name: string, type: string, answer: Screened): void
}

export interface CacheLimits {
  maxEntries: number
  minTtlMs: number
  maxTtlMs: number
}

export function createAnswerCache({ maxEntries, minTtlMs, maxTtlMs }: CacheLimits, clock: Clock): AnswerCache {
  const kept = new Map<string, { answer: Screened; until: number }>()
  return {
    find(name, type) {
      const key = `${type} ${name}`
      const hit = kept.get(key)
      if (!hit) return null
      kept.delete(key)
      const leftMs = hit.until - clock.monotonicMs()
      if (leftMs <= 0) return null
      kept.set(key, hit) // at the end again: Map order is our age order
      return withTtl(hit.answer, Math.ceil(leftMs / 1000))
    },
    keep(name, type, answer) {
      const ttlMs = Math.min(Math.max(answer.ttlSeconds * 1000, minTtlMs), maxTtlMs)
      if (maxEntries === 0 || ttlMs === 0) return
      kept.set(`${type} ${name}`, { answer, until: clock.monotonicMs() + ttlMs })
      if (kept.size > maxEntries) kept.delete(kept.keys().next().value!)
    },
  }
}

/** The answer as it is passed on: every record lives as long as we keep it, and no longer. */
export function withTtl(answer: Screened, ttlSeconds: number): Screened {
  return { ...answer, ttlSeconds, records: answer.records.map((record) => ({ ...record, ttl: ttlSeconds })) }
}

/** How long an answer may live after the limits. */
export function clampTtl(answer: Screened, { minTtlMs, maxTtlMs }: CacheLimits): Screened {
  return withTtl(answer, Math.ceil(Math.min(Math.max(answer.ttlSeconds * 1000, minTtlMs), maxTtlMs) / 1000))
}
