import { readFile } from 'node:fs/promises'
import { HardshellError, messageOf } from '../../base/index.ts'
import { sealPrices } from '../../budget/index.ts'
import type { Terminal } from '../terminal.ts'

/**
 * `hardshell prices seal FILE --date DAY`: the models of models.dev as one table, named `seller/model`, for
 * `budgets.prices_file`. Nothing is fetched: a guard may be offline for good.
 */
export async function sealPriceFile(file: string, options: Record<string, string | boolean | undefined>, terminal: Terminal): Promise<number> {
  const date = String(options['date'])
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(Date.parse(date))) {
    throw new HardshellError('cli.usage', 'a date is written 2026-11-21', { hint: 'hardshell prices seal models.json --date 2026-11-21 > prices.json' })
  }
  const models = modelsOf(await readJson(file))
  if (Object.keys(models).length === 0) {
    throw new HardshellError('cli.usage', `${file} names no model with a price`, { hint: 'fetch the JSON of models.dev: a seller, its models, their cost' })
  }
  terminal.out(sealPrices({ date, models }).trimEnd())
  return 0
}

type Models = Parameters<typeof sealPrices>[0]['models']

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown
  } catch (error) {
    throw new HardshellError('cli.usage', `${file} cannot be read: ${messageOf(error)}`)
  }
}

/** models.dev serves `{seller: {models: {id: {cost: …}}}}`; a flat `{"seller/id": {cost: …}}` is taken as it is. */
function modelsOf(served: unknown): Models {
  if (typeof served !== 'object' || served === null) return {}
  const flat: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(served as Record<string, { models?: Record<string, unknown>; cost?: unknown }>)) {
    if (value?.cost !== undefined) flat[name] = value
    for (const [id, model] of Object.entries(value?.models ?? {})) flat[`${name}/${id}`] = model
  }
  return Object.fromEntries(Object.entries(flat).filter(([, model]) => typeof model === 'object' && model !== null && 'cost' in model)) as Models
}
