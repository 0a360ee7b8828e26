import type { MicroUsd } from '../base/index.ts'
import { tierPermille, worstTierPermille } from './tiers.ts'
import type { Usage } from './usage.ts'

/** Rates in integer micro-USD per million tokens; `webSearch` in micro-USD per thousand searches. */
export interface Rates {
  input: number
  output: number
  cacheRead: number
  cacheWrite5m: number
  cacheWrite1h: number
  reasoning: number
  /** The dearest of all that can be charged for a token going in or coming out: worst cases and media use it. */
  dearestInput: number
  dearestOutput: number
  webSearch: number
}

/** What a model costs, and how we know. */
export interface Price {
  provider: string
  /** The table's name for the model, or the name asked for where an override or the ceiling applies. */
  model: string
  source: 'table' | 'file' | 'settings' | 'ceiling'
  /** Date of the table or file, `YYYY-MM-DD`; `null` for prices from the settings. */
  asOf: string | null
  rates: Rates
  /** Rates for the whole call once its input exceeds a size, ascending. */
  longContext: readonly { aboveInputTokens: number; rates: Rates }[]
  /** Largest answer the model gives, `null` when not known. */
  maxOutputTokens: number | null
}

// Anthropic's surcharge for answers made in the United States only (`inference_geo`), from Opus 4.6 on.
// Source: platform.claude.com/docs/en/about-claude/pricing, "data residency".
const usOnlyPermille = 1100

/** What a call cost under the tier its usage names, rounded up to a whole micro-USD. */
export function costOf(usage: Usage, price: Price): MicroUsd {
  const rates = ratesFor(inputOf(usage), price)
  const reasoning = Math.min(usage.reasoningTokens ?? 0, usage.outputTokens)
  const geo = price.provider === 'anthropic' && usage.inferenceGeo === 'us' ? usOnlyPermille : 1000
  return charge((tierPermille(price, usage.serviceTier) * geo) / 1000, [
    usage.inputTokens,
    rates.input,
    usage.cacheReadTokens,
    rates.cacheRead,
    usage.cacheWrite5mTokens,
    rates.cacheWrite5m,
    usage.cacheWrite1hTokens,
    rates.cacheWrite1h,
    usage.mediaInputTokens,
    rates.dearestInput,
    usage.outputTokens - reasoning,
    rates.output,
    reasoning,
    rates.reasoning,
    usage.mediaOutputTokens,
    rates.dearestOutput,
    // Searches are priced per thousand: a thousand times the rate per million.
    (usage.webSearches ?? 0) * 1000,
    rates.webSearch,
  ])
}

/**
 * The most a call of these sizes can cost: every token at the dearest rate, under the dearest size tier in reach.
 * @param serviceTier as the request names it
 */
export function worstCostOf(
  size: { inputTokens: number; outputTokens: number },
  price: Price,
  serviceTier?: string | null,
): MicroUsd {
  const permille = worstTierPermille(price, serviceTier)
  if (price.longContext.length === 0) return worstAt(permille, size, price.rates)
  const inReach = price.longContext.filter(({ aboveInputTokens }) => size.inputTokens > aboveInputTokens)
  const candidates = [price.rates, ...inReach.map(({ rates }) => rates)]
  return Math.max(...candidates.map((rates) => worstAt(permille, size, rates)))
}

function worstAt(permille: number, size: { inputTokens: number; outputTokens: number }, rates: Rates): MicroUsd {
  return charge(permille, [size.inputTokens, rates.dearestInput, size.outputTokens, rates.dearestOutput])
}

/** Everything that went in, which is what tiers are measured by. */
export function inputOf(usage: Usage): number {
  return (
    usage.inputTokens +
    (usage.cacheReadTokens ?? 0) +
    (usage.cacheWrite5mTokens ?? 0) +
    (usage.cacheWrite1hTokens ?? 0) +
    (usage.mediaInputTokens ?? 0)
  )
}

function ratesFor(inputTokens: number, price: Price): Rates {
  return price.longContext.findLast(({ aboveInputTokens }) => inputTokens > aboveInputTokens)?.rates ?? price.rates
}

/**
 * Exact in integers: 2^53 is passed by a few million tokens at a dear rate, and only then is it slow.
 * @param lines a count, its rate per million, the next count, its rate …
 */
function charge(permille: number, lines: readonly (number | undefined)[]): MicroUsd {
  let quick = 0
  for (let i = 0; i < lines.length; i += 2) quick += (lines[i] ?? 0) * lines[i + 1]!
  const exact = quick * permille
  if (exact <= Number.MAX_SAFE_INTEGER) {
    const whole = Math.floor(exact / 1_000_000_000) // compared as integers: a quotient may be rounded
    return exact > whole * 1_000_000_000 ? whole + 1 : whole
  }
  let millionths = 0n
  for (let i = 0; i < lines.length; i += 2) millionths += BigInt(lines[i] ?? 0) * BigInt(lines[i + 1]!)
  return Number((millionths * BigInt(permille) + 999_999_999n) / 1_000_000_000n)
}
