import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { HardshellError, messageOf } from '../base/index.ts'
import type { Price, Rates } from './price.ts'
import { priceTableDate, providerNamed, rateFrom, type PriceTable } from './price-table.ts'

/** Models as models.dev lists them, by `provider/model`: USD per million tokens. */
export type ListedModels = Readonly<Record<string, ListedModel>>

export interface ListedModel {
  cost?: ListedCost & { tiers?: readonly (ListedCost & { tier: { size: number } })[] }
  limit?: { output?: number }
}

interface ListedCost {
  input?: number
  output?: number
  cache_read?: number
  cache_write?: number
  cache_write_1h?: number
  reasoning?: number
  input_audio?: number
  output_audio?: number
}

export interface PriceFile {
  /** Day the prices were true, `YYYY-MM-DD`. */
  date: string
  table: PriceTable
}

export interface PriceFilePorts {
  readText(path: string): Promise<string>
}

/** Writes a price file: brought to a guard without network, and refused there when a single byte was lost. */
export function sealPrices({ date, models }: { date: string; models: ListedModels }): string {
  return `${JSON.stringify({ date, sha256: digestOf(models), models }, null, 2)}\n`
}

/**
 * Reads a price file that `sealPrices` wrote.
 * @throws HardshellError `budget.price-file-unusable`: not readable, not whole, or older than the built-in table
 */
export async function readPriceFile(path: string, ports: PriceFilePorts = files): Promise<PriceFile> {
  const text = await ports.readText(path).catch((cause: unknown) => {
    throw unusable(path, `cannot be read: ${messageOf(cause)}`, cause)
  })
  const { date, sha256, models } = parse(path, text)
  if (digestOf(models) !== sha256) throw unusable(path, 'was changed since it was written: its digest is another')
  if (date < priceTableDate) throw unusable(path, `is of ${date}, older than the built-in table of ${priceTableDate}`)
  const prices = new Map<string, Price>()
  for (const [name, listed] of Object.entries(models)) {
    const price = priceFrom(path, { name, listed, date })
    if (price) prices.set(name.toLowerCase(), price)
  }
  return {
    date,
    table: ({ provider, model }) => prices.get(`${providerNamed(provider)}/${model}`.toLowerCase()) ?? null,
  }
}

const files: PriceFilePorts = { readText: (path) => readFile(path, 'utf8') }

function digestOf(models: ListedModels): string {
  return createHash('sha256').update(JSON.stringify(models)).digest('hex')
}

function parse(path: string, text: string): { date: string; sha256: string; models: ListedModels } {
  let raw: Record<string, unknown>
  try {
    raw = JSON.parse(text) as Record<string, unknown>
  } catch (cause) {
    throw unusable(path, 'is not JSON', cause)
  }
  const { date, sha256, models } = raw ?? {}
  const isDate = typeof date === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(Date.parse(date))
  if (!isDate || typeof sha256 !== 'string' || typeof models !== 'object' || models === null) {
    throw unusable(path, 'must have a date, sha256 and models')
  }
  return { date, sha256, models: models as ListedModels }
}

/** @returns `null` for entries that list no price per token both ways */
function priceFrom(
  path: string,
  { name, listed, date }: { name: string; listed: ListedModel; date: string },
): Price | null {
  const { cost } = listed
  const slash = name.indexOf('/')
  if (slash < 1 || cost?.input === undefined || cost.output === undefined) return null
  for (const rate of [cost, ...(cost.tiers ?? [])].flatMap((costs) => Object.values(costs))) {
    if (typeof rate === 'number' && !(rate >= 0 && rate <= mostUsdPerMTok)) throw unusable(path, `${name}: not a price`)
  }
  return {
    provider: name.slice(0, slash),
    model: name.slice(slash + 1),
    source: 'file',
    asOf: date,
    rates: ratesFrom(cost),
    longContext: (cost.tiers ?? [])
      .map(({ tier, ...rates }) => ({ aboveInputTokens: tier.size, rates: ratesFrom({ ...cost, ...rates }) }))
      .toSorted((a, b) => a.aboveInputTokens - b.aboveInputTokens),
    maxOutputTokens: listed.limit?.output ?? null,
  }
}

// The dearest model ever listed took 600; more is a slip of units.
const mostUsdPerMTok = 10_000
// Anthropic keeps a prompt for an hour at twice the input price and for five minutes at 1.25 times; lists that give
// one price for writing mean the latter.
const hourOverFiveMinutes = 1.6

function ratesFrom(cost: ListedCost): Rates {
  const input = rateFrom(cost.input!)
  const output = rateFrom(cost.output!)
  const cacheRead = rateFrom(cost.cache_read ?? cost.input!)
  const cacheWrite5m = rateFrom(cost.cache_write ?? cost.input!)
  const hour = cost.cache_write === undefined ? cost.input! : cost.cache_write * hourOverFiveMinutes
  const cacheWrite1h = rateFrom(cost.cache_write_1h ?? hour)
  const reasoning = rateFrom(cost.reasoning ?? cost.output!)
  return {
    input,
    output,
    cacheRead,
    cacheWrite5m,
    cacheWrite1h,
    reasoning,
    dearestInput: Math.max(input, cacheRead, cacheWrite5m, cacheWrite1h, rateFrom(cost.input_audio ?? 0)),
    dearestOutput: Math.max(output, reasoning, rateFrom(cost.output_audio ?? 0)),
    webSearch: 0, // such lists do not say
  }
}

function unusable(path: string, what: string, cause?: unknown): HardshellError {
  return new HardshellError('budget.price-file-unusable', `the price file ${path} ${what}`, {
    hint: 'correct budgets.prices_file, or leave it out to use the built-in table',
    ...(cause !== undefined && { cause }),
  })
}
