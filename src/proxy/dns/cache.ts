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

// An answer counts as one for each record and each 128 bytes of text: who owns a wildcard writes long ones on purpose.
const usualWeight = 8
const bytesPerWeight = 128

function weightOf(answer: Screened | undefined): number {
  if (answer === undefined) return 0
  return answer.records.reduce((sum, record) => sum + 1 + bytesIn((record as { data?: unknown }).data) / bytesPerWeight, 1)
}

function bytesIn(data: unknown): number {
  if (Array.isArray(data)) return data.reduce((sum: number, part) => sum + bytesIn(part), 0)
  return Buffer.isBuffer(data) || typeof data === 'string' ? data.length : 0
}

export function createAnswerCache({ maxEntries, minTtlMs, maxTtlMs }: CacheLimits, clock: Clock): AnswerCache {
  const kept = new Map<string, { answer: Screened; until: number }>()
  const maxWeight = maxEntries * usualWeight
  let weight = 0
  const drop = (key: string): void => {
    weight -= weightOf(kept.get(key)?.answer)
    kept.delete(key)
  }
  return {
    find(name, type) {
      const key = `${type} ${name}`
      const hit = kept.get(key)
      if (!hit) return null
      const leftMs = hit.until - clock.monotonicMs()
      if (leftMs <= 0) return (drop(key), null)
      kept.delete(key)
      kept.set(key, hit) // at the end again: Map order is our age order
      return withTtl(hit.answer, Math.ceil(leftMs / 1000))
    },
    keep(name, type, answer) {
      const ttlMs = Math.min(Math.max(answer.ttlSeconds * 1000, minTtlMs), maxTtlMs)
      if (maxEntries === 0 || ttlMs === 0) return
      const key = `${type} ${name}`
      drop(key)
      kept.set(key, { answer, until: clock.monotonicMs() + ttlMs })
      weight += weightOf(answer)
      while (kept.size > maxEntries || weight > maxWeight) drop(kept.keys().next().value!)
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
