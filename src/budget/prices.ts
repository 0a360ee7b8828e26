import { HardshellError, type MicroUsd } from '../base/index.ts'
import type { Price, Rates } from './price.ts'
import { readPriceFile, type PriceFilePorts } from './price-file.ts'
import { loadPriceTable, priceTableDate } from './price-table.ts'

/** What models cost, wherever we know it from. */
export interface PriceBook {
  /**
   * Overrides of the settings first, then the dated table, then the ceiling if unknown models are allowed.
   * @param at wall time in ms; prices change on announced days
   * @returns `null`: the price is not known and the call must be refused
   */
  priceOf(model: { provider: string; model: string; at: number }): Price | null
}

/** A price book whose age is known. */
export interface DatedPrices extends PriceBook {
  /** Day the youngest table was true, `YYYY-MM-DD`. */
  asOf: string
  /** One sentence for the operator once prices are 90 days old; `null` before. */
  staleWarning(nowMs: number): string | null
}

/** A price from the settings, in micro-USD per million tokens. */
export interface PriceOverride {
  input: MicroUsd
  output: MicroUsd
  /** Default: as input. */
  cacheRead?: MicroUsd
  /** Default: as input. */
  cacheWrite5m?: MicroUsd
  /** Default: as `cacheWrite5m`. */
  cacheWrite1h?: MicroUsd
  maxOutputTokens?: number
}

export interface PriceOptions {
  /** `provider/model`, or `provider/*` for everything of a provider (a local model: both rates 0). */
  overrides?: Readonly<Record<string, PriceOverride>>
  /** Path of a newer table, written by `sealPrices`; models it lacks are looked up in the built-in one. */
  file?: string
  /** What to do with a model nobody has a price for; default `refuse`. */
  unknownModel?: 'refuse' | 'ceiling'
  /** The price charged under `ceiling`; default: the dearest rates we know of, see below. */
  ceiling?: PriceOverride
}

// The dearest general text model in the table is o1-pro: 150 and 600 USD per million tokens.
const defaultCeiling: PriceOverride = { input: 150_000_000, output: 600_000_000 }

// Providers change prices a few times a year; a table older than a quarter has missed one.
const staleAfterDays = 90

/**
 * Loads the offline table and lays file and settings over it. Takes some 45 ms: do it once, when the guard starts.
 * @throws HardshellError `budget.bad-limit` for a rate that is not whole micro-USD, `budget.price-file-unusable`,
 *   `budget.price-table-unusable`
 */
export async function loadPrices(options: PriceOptions = {}, ports?: PriceFilePorts): Promise<DatedPrices> {
  for (const [name, price] of Object.entries(options.overrides ?? {})) refuseBadRates(`budgets.prices.${name}`, price)
  if (options.ceiling) refuseBadRates('budgets.ceiling', options.ceiling)
  const table = await loadPriceTable()
  const file = options.file === undefined ? null : await readPriceFile(options.file, ports)
  const overrides = new Map(Object.entries(options.overrides ?? {}).map(([name, price]) => [name.toLowerCase(), price]))
  const look: PriceBook['priceOf'] = ({ provider, model, at }) => {
    const asked = `${provider}/${model}`.toLowerCase()
    const override = overrides.get(asked) ?? overrides.get(`${provider.toLowerCase()}/*`)
    if (override) return fixedPrice(override, { provider, model, source: 'settings' })
    const known = file?.table({ provider, model, at }) ?? table({ provider, model, at })
    if (known || options.unknownModel !== 'ceiling') return known
    return fixedPrice(options.ceiling ?? defaultCeiling, { provider, model, source: 'ceiling' })
  }
  const asOf = file?.date ?? priceTableDate
  return { priceOf: remembering(look), asOf, staleWarning: (nowMs) => staleWarning(asOf, nowMs) }
}

function staleWarning(asOf: string, nowMs: number): string | null {
  const days = Math.floor((nowMs - Date.parse(asOf)) / 86_400_000)
  if (days < staleAfterDays) return null
  return `prices are of ${asOf}, ${days} days old; update hardshell, or give a newer table in budgets.prices_file`
}

// A guard sees a handful of models; whoever asks for thousands of names gains nothing from this and costs no memory.
const rememberedModels = 256

/** A look into the table takes some 20 µs, and prices change on full minutes at most. */
function remembering(look: PriceBook['priceOf']): PriceBook['priceOf'] {
  const known = new Map<string, { minute: number; price: Price | null }>()
  return (asked) => {
    const minute = Math.floor(asked.at / 60_000)
    const name = `${asked.provider.length}:${asked.provider}${asked.model}`
    const found = known.get(name)
    if (found?.minute === minute) return found.price
    const price = look(asked)
    if (known.size >= rememberedModels) known.clear()
    if (asked.model.length <= 200) known.set(name, { minute, price })
    return price
  }
}

function fixedPrice(given: PriceOverride, of: Pick<Price, 'provider' | 'model' | 'source'>): Price {
  const cacheWrite5m = given.cacheWrite5m ?? given.input
  const cacheWrite1h = given.cacheWrite1h ?? cacheWrite5m
  const cacheRead = given.cacheRead ?? given.input
  const rates: Rates = {
    input: given.input,
    output: given.output,
    cacheRead,
    cacheWrite5m,
    cacheWrite1h,
    reasoning: given.output,
    dearestInput: Math.max(given.input, cacheRead, cacheWrite5m, cacheWrite1h),
    dearestOutput: given.output,
    webSearch: 0,
  }
  return { ...of, asOf: null, rates, longContext: [], maxOutputTokens: given.maxOutputTokens ?? null }
}

/** A rate that is not a whole number would only fail in the middle of a call. */
function refuseBadRates(setting: string, price: PriceOverride): void {
  for (const [field, value] of Object.entries(price)) {
    if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) continue
    throw new HardshellError(
      'budget.bad-limit',
      `${setting}: ${field} must be a whole number of micro-USD, not negative`,
      {
        hint: `correct ${setting} and run: hardshell config check`,
      },
    )
  }
}
