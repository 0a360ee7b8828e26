import { readUsage, type UsageFlavor } from '../../budget/index.ts'
import { isObject, objectsOf, type JsonObject } from './json-text.ts'
import type { Usage } from './meter.ts'

type Counts = Omit<Usage, 'exact'>

/** What has been seen of an answer so far. */
export interface Tally {
  /** The provider's usage blocks, later ones laid over earlier ones. `null`: none came. */
  block: JsonObject | null
  /** The provider has said its last word about usage. */
  final: boolean
  /** UTF-8 bytes of text, thinking and arguments seen: no token is shorter than a byte. */
  textBytes: number
}

export function emptyTally(): Tally {
  return { block: null, final: false, textBytes: 0 }
}

/** Adds a usage block; whatever is not one is ignored. */
export function note(tally: Tally, block: unknown, final: boolean): void {
  if (!isObject(block)) return
  tally.block = tally.block ? { ...tally.block, ...block } : block
  if (final) tally.final = true
}

/** A count a client or provider names; 0 for whatever is not one. */
export function countOf(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0
}

/** A field of an object that may itself be missing. */
export function inside(value: unknown, key: string): unknown {
  return isObject(value) ? value[key] : undefined
}

/**
 * What to settle. With the provider's final, countable word it is exact; without (cut, broken, client gone) it is the
 * larger of what was reported and what the bytes allow: never below what was seen.
 * @param inputBytes bytes of the request body as it was sent
 */
export function usageOf(tally: Tally, flavor: UsageFlavor, inputBytes: number): Usage {
  const reported = tally.block && readUsage(flavor, tally.block)
  const counts = larger(complete(reported), stepsOf(tally.block, flavor))
  if (reported && tally.final) return { ...counts, exact: true }
  return {
    ...counts,
    inputTokens: reported ? counts.inputTokens : Math.max(counts.inputTokens, inputBytes),
    outputTokens: Math.max(counts.outputTokens, tally.textBytes),
    exact: false,
  }
}

/** All tokens together: what the guide's `tokens_used` shows. */
export function totalTokens(usage: Usage): number {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWrite5mTokens, cacheWrite1hTokens } = usage
  const media = usage.mediaInputTokens + usage.mediaOutputTokens
  return inputTokens + outputTokens + cacheReadTokens + cacheWrite5mTokens + cacheWrite1hTokens + media
}

/**
 * Steps on the provider's side (compaction, advisors, fallback models) are billed and listed apart, and the top level
 * may leave them out. Source: Claude docs, compaction, "Understanding usage".
 */
function stepsOf(block: JsonObject | null, flavor: UsageFlavor): Counts {
  const sum = complete(null)
  for (const step of objectsOf(block?.iterations)) {
    const usage = complete(readUsage(flavor, step))
    for (const kind of kinds) sum[kind] += usage[kind]
  }
  return sum
}

function larger(one: Counts, other: Counts): Counts {
  const result = complete(null)
  for (const kind of kinds) result[kind] = Math.max(one[kind], other[kind])
  return result
}

function complete(usage: Partial<Counts> | null): Counts {
  const counts = {} as Counts
  for (const kind of kinds) counts[kind] = usage?.[kind] ?? 0
  return counts
}

const kinds = [
  'inputTokens',
  'outputTokens',
  'cacheReadTokens',
  'cacheWrite5mTokens',
  'cacheWrite1hTokens',
  'reasoningTokens',
  'mediaInputTokens',
  'mediaOutputTokens',
  'webSearches',
] as const satisfies readonly (keyof Counts)[]
