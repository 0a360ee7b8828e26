import { formatMoney, type MicroUsd } from '../base/index.ts'
import type { Account } from './account.ts'
import type { BudgetRefusal, Claim, MoneyLimit, Warning } from './claim.ts'

/** The call does not fit in this budget. */
export function overBudget(id: string, asked: MicroUsd, account: Account): BudgetRefusal {
  const { pot } = account
  const name = pot.limit as MoneyLimit // models are counted, not limited
  const limit = account.limitMicroUsd!
  const spent = account.spent - account.waived
  const reserved = account.others + account.open
  const whose = pot.key === '' ? '' : ` for ${name} ${printable(pot.key)}`
  const when = pot.period === 'always' ? '' : ` on ${pot.period} (UTC)`
  return {
    granted: false,
    id,
    rule: `budget.${name}`,
    reason:
      `the ${periodNames[name]} budget of ${formatMoney(limit)} (${pot.setting})${whose}${when} cannot take this call: ` +
      `it may cost up to ${formatMoney(asked)}, ${formatMoney(spent)} is spent and ` +
      `${formatMoney(reserved)} is held by calls under way`,
    limit: name,
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

const periodNames: Readonly<Record<MoneyLimit, string>> = {
  session: 'session',
  agent: 'daily',
  user: 'daily',
  channel: 'daily',
  'cron-job': 'daily',
  day: 'daily',
  month: 'monthly',
  global: 'total',
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
export function levelsReached({ pot, limitMicroUsd, spent, waived }: Account, levels: readonly number[]): Warning[] {
  const fraction = (spent - waived) / limitMicroUsd!
  return levels
    .filter((level) => fraction >= level)
    .map((crossed) => ({ limit: pot.limit as MoneyLimit, key: pot.key, period: pot.period, fraction, crossed }))
}

/** Names come from requests and channels: cut and quoted, so that they cannot write sentences into our answer. */
function printable(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name)
}
