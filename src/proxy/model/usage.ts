import { countKinds, readUsage, type UsageFlavor } from '../../budget/index.ts'
import { isObject, objectsOf, type JsonObject } from './json-text.ts'
import type { Usage } from './meter.ts'

type Counts = Record<(typeof countKinds)[number], number>

/** What has been seen of an answer so far. */
export interface Tally {
  /** The provider's usage blocks, later ones laid over earlier ones. `null`: none came. */
  block: JsonObject | null
  /** The provider has said its last word about usage. */
  final: boolean
  /** UTF-8 bytes of text, thinking and arguments seen: no token is shorter than a byte. */
  textBytes: number
  /** Paid steps of tools on the provider's side, in searches, where its usage block leaves them out. */
  searches: number
  /** The tier an answer names beside its usage block. `null`: it named none. */
  serviceTier: string | null
}

export function emptyTally(): Tally {
  return { block: null, final: false, textBytes: 0, searches: 0, serviceTier: null }
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

/**
 * The service tier a request names, in lower case; `null` for none. Attacker-controlled: what cannot be a name is
 * `other`, which nobody has a low price for.
 */
export function tierOf(value: unknown): string | null {
  if (value === undefined || value === null) return null
  // Real ones are words: auto, default, flex, priority, scale, standard_only.
  return typeof value === 'string' && /^[a-z_]{1,32}$/i.test(value) ? value.toLowerCase() : 'other'
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
  const reported = tally.block && readUsage(flavor, tally.block, tally.serviceTier ?? undefined)
  const whole = complete(reported)
  const counts = tally.block?.iterations === undefined ? whole : larger(whole, stepsOf(tally.block, flavor))
  counts.webSearches = Math.max(counts.webSearches, tally.searches)
  const { serviceTier, inferenceGeo, byOthers } = reported ?? {}
  const terms = {
    ...(serviceTier && { serviceTier }),
    ...(inferenceGeo && { inferenceGeo }),
    ...(byOthers && { byOthers }),
  }
  if (reported && tally.final) {
    // Nobody writes or reads text for nothing: a provider that says so is not believed. No language has 16 bytes a token.
    if (counts.outputTokens === 0) counts.outputTokens = Math.ceil(tally.textBytes / 16)
    return { ...counts, ...terms, exact: true }
  }
  return {
    ...counts,
    ...terms,
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
 * Steps on the provider's side (compaction, fallback models) are billed and listed apart, and the top level may leave
 * them out. Those of an advisor have a price of their own (`byOthers`). Source: Claude docs, compaction,
 * "Understanding usage".
 */
function stepsOf(block: JsonObject | null, flavor: UsageFlavor): Counts {
  const sum = complete(null)
  for (const step of objectsOf(block?.iterations)) {
    if (step.type === 'advisor_message') continue
    const usage = complete(readUsage(flavor, step))
    for (const kind of countKinds) sum[kind] += usage[kind]
  }
  return sum
}

function larger(one: Counts, other: Counts): Counts {
  const result = complete(null)
  for (const kind of countKinds) result[kind] = Math.max(one[kind], other[kind])
  return result
}

function complete(usage: Partial<Counts> | null): Counts {
  return {
    inputTokens: usage?.inputTokens ?? 0,
    outputTokens: usage?.outputTokens ?? 0,
    cacheReadTokens: usage?.cacheReadTokens ?? 0,
    cacheWrite5mTokens: usage?.cacheWrite5mTokens ?? 0,
    cacheWrite1hTokens: usage?.cacheWrite1hTokens ?? 0,
    reasoningTokens: usage?.reasoningTokens ?? 0,
    mediaInputTokens: usage?.mediaInputTokens ?? 0,
    mediaOutputTokens: usage?.mediaOutputTokens ?? 0,
    webSearches: usage?.webSearches ?? 0,
  }
}
