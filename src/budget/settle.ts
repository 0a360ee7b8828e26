import type { MicroUsd } from '../base/index.ts'
import type { Seen, Settled } from './claim.ts'
import type { ClaimRow, Ledger } from './ledger.ts'
import { costOf, inputOf, worstCostOf, type Price } from './price.ts'
import { isCount, isCountable, type Usage } from './usage.ts'

/** What a call is charged, and whether the numbers it came with had to be thrown away. */
export interface Closing {
  cost: MicroUsd
  rejected: boolean
}

/** The price of a finished call. Counts that are none are answered with the worst case, never with zero. */
export function costOfUsage(row: ClaimRow, paid: Usage | { costMicroUsd: MicroUsd }): Closing {
  if (row.free) return { cost: 0, rejected: false }
  if ('costMicroUsd' in paid) {
    const { costMicroUsd } = paid
    // A million dollars for one call is a slip of units, and would carry sums past what SQLite and Node count exactly.
    const plausible = Number.isSafeInteger(costMicroUsd) && costMicroUsd >= 0 && costMicroUsd <= 1e12
    return plausible ? { cost: costMicroUsd, rejected: false } : { cost: row.reserved, rejected: true }
  }
  if (!isCountable(paid) || !isCount(paid.inputTokens) || !isCount(paid.outputTokens))
    return { cost: row.reserved, rejected: true }
  return { cost: costOf(paid, priceOf(row)), rejected: false }
}

/** The price of a call that broke off: see `Meter.settleInterrupted`. */
export function costOfSeen(row: ClaimRow, { mostOutputTokens, ...seen }: Seen): Closing {
  const plain = costOfUsage(row, seen)
  if (row.free || plain.rejected) return plain
  const shown = seen.outputTokens + (seen.mediaOutputTokens ?? 0)
  const vouched = isCount(mostOutputTokens) ? Math.min(mostOutputTokens, row.output_bound) : row.output_bound
  const price = priceOf(row)
  const input =
    inputOf(seen) > 0
      ? costOf({ ...seen, outputTokens: 0, reasoningTokens: 0, mediaOutputTokens: 0 }, price)
      : worstCostOf({ inputTokens: row.input_bound, outputTokens: 0 }, price)
  const output = outputCost(Math.max(shown, vouched), inputOf(seen) > 0 ? inputOf(seen) : row.input_bound, price)
  return { cost: Math.max(plain.cost, Math.min(input + output, Math.max(row.reserved, plain.cost))), rejected: false }
}

function outputCost(outputTokens: number, inputTokens: number, price: Price): MicroUsd {
  return worstCostOf({ inputTokens, outputTokens }, price) - worstCostOf({ inputTokens, outputTokens: 0 }, price)
}

/**
 * Ends a call in the ledger, or corrects one that ended without its usage being known. A settlement is final; a
 * release does not undo an interruption, because something was seen.
 */
export function closeClaim(
  ledger: Ledger,
  row: ClaimRow,
  { how, closing, at }: { how: Settled['how']; closing: Closing; at: number },
): Settled {
  if (!mayBecome(row.state, how))
    return answer(row, row.state as Settled['how'], { cost: row.cost, rejected: row.usage_rejected === 1 }, true)
  ledger.close(row.id, { state: how, cost: closing.cost, closed_at: at, usage_rejected: closing.rejected ? 1 : 0 })
  if (!row.free) count(ledger, row, closing.cost - row.cost, row.state === 'open' ? 1 : 0)
  return answer(row, how, closing, false)
}

function mayBecome(state: ClaimRow['state'], how: Settled['how']): boolean {
  switch (state) {
    case 'open':
      return true
    case 'settled':
      return false
    case 'interrupted':
      return how === 'settled'
    case 'released':
      return how === 'settled' || how === 'interrupted'
    case 'recovered':
      return how !== 'recovered'
  }
}

/** `row.cost` is 0 while open, so the difference is the cost the first time and the correction after that. */
function count(ledger: Ledger, row: ClaimRow, difference: MicroUsd, calls: number): void {
  const month = row.day.slice(0, 7)
  ledger.add({ limit: 'day', key: '', period: row.day }, difference, calls)
  ledger.add({ limit: 'month', key: '', period: month }, difference, calls)
  ledger.add({ limit: 'agent', key: row.agent_id, period: row.day }, difference, calls)
  ledger.add({ limit: 'session', key: row.session_key, period: row.session_period }, difference, calls)
  ledger.add({ limit: 'model', key: `${row.provider}/${row.model}`, period: row.day }, difference, calls)
  if (row.scope !== '') ledger.add({ limit: 'scope', key: row.scope, period: row.day }, difference, calls)
}

function answer(row: ClaimRow, how: Settled['how'], { cost, rejected }: Closing, already: boolean): Settled {
  return {
    id: row.id,
    how,
    costMicroUsd: cost,
    reservedMicroUsd: row.reserved,
    overrunMicroUsd: Math.max(0, cost - row.reserved),
    usageRejected: rejected,
    already,
    warnings: [],
  }
}

/** A call that costs something was reserved at a price; only free ones have none. */
function priceOf(row: ClaimRow): Price {
  return JSON.parse(row.price) as Price
}
