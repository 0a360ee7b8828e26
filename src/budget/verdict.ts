import { formatMoney, type MicroUsd } from '../base/index.ts'
import type { BudgetRefusal, Claim, Warning } from './claim.ts'
import type { PotSums, PotTotal } from './ledger.ts'
import type { Pot } from './pots.ts'

/** @returns the refusal of the first pot the call does not fit in, `null` when it fits in all. */
export function refuseIfOver(
  id: string,
  asked: MicroUsd,
  pots: readonly Pot[],
  sums: readonly PotSums[],
): BudgetRefusal | null {
  for (const [i, pot] of pots.entries()) {
    const { spent, waived, reserved } = sums[i]!
    if (pot.limitMicroUsd === null || spent - waived + reserved + asked <= pot.limitMicroUsd) continue
    return overBudget(id, asked, pot, { spent: spent - waived, reserved })
  }
  return null
}

function overBudget(
  id: string,
  asked: MicroUsd,
  pot: Pot,
  { spent, reserved }: { spent: number; reserved: number },
): BudgetRefusal {
  const limit = pot.limitMicroUsd!
  const whose = pot.key === '' ? '' : ` for ${pot.limit} ${printable(pot.key)}`
  const when = pot.period === 'always' ? '' : ` on ${pot.period} (UTC)`
  const name = pot.limit === 'month' ? 'monthly' : pot.limit === 'session' ? 'session' : 'daily'
  return {
    granted: false,
    id,
    rule: `budget.${pot.limit}`,
    reason:
      `the ${name} budget of ${formatMoney(limit)} (${pot.setting})${whose}${when} cannot take this call: ` +
      `it may cost up to ${formatMoney(asked)}, ${formatMoney(spent)} is spent and ` +
      `${formatMoney(reserved)} is held by calls under way`,
    limit: pot.limit,
    setting: pot.setting,
    unit: 'micro-usd',
    limitValue: limit,
    spent,
    reserved,
    asked,
    period: pot.period,
    transient: spent + asked <= limit,
  }
}

/** The call is larger than any single call may be. */
export function tooManyTokens(id: string, limit: number, size: { input: number; output: number }): BudgetRefusal {
  const asked = size.input + size.output
  return {
    granted: false,
    id,
    rule: 'budget.tokens-per-request',
    reason:
      `this call may use up to ${asked} tokens (${size.input} in, counting each byte as one, and ` +
      `${size.output} out); one call may use ${limit} (budgets.tokens_per_request)`,
    limit: 'tokens-per-request',
    setting: 'budgets.tokens_per_request',
    unit: 'tokens',
    limitValue: limit,
    spent: 0,
    reserved: 0,
    asked,
    period: '',
    transient: false,
  }
}

/** Nobody knows what the call would cost, so no budget can bound it. */
export function unknownModel({ id, provider, model }: Claim): BudgetRefusal {
  return {
    granted: false,
    id,
    rule: 'budget.unknown-model',
    reason:
      `no price is known for model ${printable(model)} of provider ${printable(provider)}, ` +
      'so its cost cannot be bounded; give it a price in budgets.prices, or set budgets.unknown_model to ceiling',
    limit: 'unknown-model',
    setting: 'budgets.unknown_model',
    unit: 'micro-usd',
    limitValue: 0,
    spent: 0,
    reserved: 0,
    asked: 0,
    period: '',
    transient: false,
  }
}

/** The levels that what is spent has reached; the caller tells each once. */
export function levelsReached(pot: Pot, { spent, waived }: PotTotal, levels: readonly number[]): Warning[] {
  const limit = pot.limitMicroUsd
  if (limit === null || limit === 0) return []
  const fraction = (spent - waived) / limit
  return levels
    .filter((level) => fraction >= level)
    .map((crossed) => ({ limit: pot.limit, key: pot.key, period: pot.period, fraction, crossed }))
}

/** Names come from requests and channels: cut and quoted, so that they cannot write sentences into our answer. */
function printable(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name)
}
