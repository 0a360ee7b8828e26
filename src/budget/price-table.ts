import { HardshellError } from '../base/index.ts'
import type { Price, Rates } from './price.ts'

/**
 * Day the pinned @pydantic/genai-prices 0.1.8 was published, so the day its data was true at the latest.
 * A test fails when the installed version is another one: this date must move with it.
 */
export const priceTableDate = '2026-09-23'
export const priceTableVersion = '0.1.8'

/** One price of the offline table. `at` matters: prices change on announced days. */
export type PriceTable = (model: { provider: string; model: string; at: number }) => Price | null

// Names OpenClaw and people use for providers the table calls otherwise. Only exact names: a reseller called
// `my-anthropic-shop` has prices of its own and must not get Anthropic's.
const aliases: Readonly<Record<string, string>> = {
  'amazon-bedrock': 'aws',
  bedrock: 'aws',
  gemini: 'google',
  'google-vertex': 'google',
  xai: 'x-ai',
}

type TieredRate = number | { base: number; tiers: { start: number; price: number }[] } | undefined
type RawPrices = Record<string, TieredRate>

/** A provider under the name price tables have for it. */
export function providerNamed(name: string): string {
  return aliases[name.toLowerCase()] ?? name.toLowerCase()
}

/** Loads the offline table (about 45 ms and 800 kB, hence not at import time). Never goes to the network. */
export async function loadPriceTable(): Promise<PriceTable> {
  const { calcPrice, findProvider } = await import('@pydantic/genai-prices').catch((cause: unknown) => {
    throw new HardshellError('budget.price-table-unusable', 'the price table @pydantic/genai-prices cannot be loaded', {
      hint: 'reinstall hardshell',
      cause,
    })
  })
  return ({ provider, model, at }) => {
    const providerId = providerNamed(provider)
    // The library also matches names that merely contain a provider's; ours must be that provider.
    // 200 characters is more than any model name; longer ones would only feed the table's regular expressions.
    if (model.length > 200 || findProvider({ providerId })?.id !== providerId) return null
    const hit = calcPrice({}, model, { providerId, timestamp: new Date(at) })
    return hit ? priceFrom(hit.model_price as RawPrices, providerId, hit.model.id) : null
  }
}

/** @returns `null` for models without a price per token both ways (speech, images, pages): not known to us. */
function priceFrom(raw: RawPrices, provider: string, model: string): Price | null {
  if (raw.input_mtok === undefined || raw.output_mtok === undefined) return null
  const starts = Object.values(raw).flatMap((rate) =>
    typeof rate === 'object' ? rate.tiers.map(({ start }) => start) : [],
  )
  const thresholds = [...new Set(starts)].sort((a, b) => a - b)
  return {
    provider,
    model,
    source: 'table',
    asOf: priceTableDate,
    rates: ratesAt(raw, 0),
    longContext: thresholds.map((start) => ({ aboveInputTokens: start, rates: ratesAt(raw, start + 1) })),
    maxOutputTokens: null, // the table does not say
  }
}

function ratesAt(raw: RawPrices, inputTokens: number): Rates {
  const rate = (key: string): number | undefined => microUsd(raw[key], inputTokens)
  const input = rate('input_mtok')!
  const output = rate('output_mtok')!
  const cacheWrite5m = rate('cache_write_mtok') ?? input
  const cacheWrite1h = rate('cache_write_1h_mtok') ?? cacheWrite5m
  const reasoning = rate('output_reasoning_mtok') ?? output
  const dearest = (start: string, among: number[]): number =>
    Math.max(
      ...among,
      ...Object.keys(raw)
        .filter((key) => key.startsWith(start) && key.endsWith('_mtok'))
        .map((key) => rate(key)!),
    )
  return {
    input,
    output,
    cacheRead: rate('cache_read_mtok') ?? input,
    cacheWrite5m,
    cacheWrite1h,
    reasoning,
    dearestInput: dearest('input_', [input, cacheWrite5m, cacheWrite1h, rate('cache_read_mtok') ?? 0]),
    dearestOutput: dearest('output_', [output, reasoning]),
    webSearch: rate('web_searches_kcount') ?? 0,
  }
}

/** USD to micro-USD, upwards: six of the table's 2,700 rates are not whole. The slack is for binary fractions. */
export function rateFrom(usd: number): number {
  return Math.ceil(usd * 1_000_000 - 1e-6)
}

function microUsd(rate: TieredRate, inputTokens: number): number | undefined {
  if (rate === undefined) return undefined
  const usd =
    typeof rate === 'number' ? rate : (rate.tiers.findLast(({ start }) => inputTokens > start)?.price ?? rate.base)
  return rateFrom(usd)
}
