import type { AuditSink } from '../auditlog/index.ts'
import { formatMoney } from '../base/index.ts'
import {
  loadPrices,
  type BudgetRefusal,
  type DatedPrices,
  type Limits,
  type Meter,
  type PriceOverride,
  type Reservation as Reserved,
  type Settled,
  type Warning,
} from '../budget/index.ts'
import type { Config } from '../config/index.ts'
import { probeModel, probeProvider } from '../openclaw/index.ts'
import type { ModelMeter, Provider, Reservation, Settlement } from '../proxy/model/index.ts'
import { budgetProbeAgent } from './callers.ts'

/** The limits of the settings, and the one the budget proof runs into. */
export function limitsOf({ budgets }: Config): Limits {
  return {
    tokensPerRequest: budgets.tokens_per_request,
    perSession: budgets.per_session,
    perAgent: budgets.per_agent,
    perUser: budgets.per_user,
    perChannel: budgets.per_channel,
    perCronJob: budgets.per_cron_job,
    perDay: budgets.per_day,
    perMonth: budgets.per_month,
    global: budgets.global,
    perAgentOverrides: { ...budgets.per_agent_overrides, [budgetProbeAgent]: 1 },
    perUserOverrides: budgets.per_user_overrides,
    perChannelOverrides: budgets.per_channel_overrides,
    perCronJobOverrides: budgets.per_cron_job_overrides,
    warnAt: budgets.warn_at,
  }
}

/** The price table, with prices for the two models that live inside the guard. */
export async function pricesOf(config: Config): Promise<DatedPrices> {
  return await loadPrices({
    file: config.budgets.prices_file,
    unknownModel: config.budgets.unknown_model,
    ceiling: config.budgets.ceiling && priceOverride(config.budgets.ceiling),
    overrides: {
      ...Object.fromEntries(Object.entries(config.budgets.prices).map(([model, price]) => [model, priceOverride(price)])),
      'hardshell/*': { input: 0, output: 0 },
      // Only the budget proof ever pays this, and only in a reservation that is refused.
      [`${probeProvider}/${probeModel}`]: { input: 1_000_000, output: 1_000_000 },
    },
  })
}

function priceOverride(price: Config['budgets']['prices'][string]): PriceOverride {
  const { input, output, cache_read, cache_write_5m, cache_write_1h, max_output_tokens } = price
  return {
    input,
    output,
    cacheRead: cache_read,
    cacheWrite5m: cache_write_5m,
    cacheWrite1h: cache_write_1h,
    maxOutputTokens: max_output_tokens,
  }
}

// Whose prices hold for an address, whatever the operator called the provider.
const sellers: Readonly<Record<string, string>> = {
  'api.anthropic.com': 'anthropic',
  'api.deepseek.com': 'deepseek',
  'api.groq.com': 'groq',
  'api.mistral.ai': 'mistral',
  'api.openai.com': 'openai',
  'api.x.ai': 'x-ai',
  'generativelanguage.googleapis.com': 'google',
  'openrouter.ai': 'openrouter',
}

function priceName({ name, baseUrl }: Provider): string {
  return sellers[URL.parse(baseUrl)?.hostname ?? ''] ?? name
}

// Models whose thinking is billed and never sent: of an answer that is cut nobody knows how much there was, and the whole
// reservation is charged. Source: the providers' documentation of reasoning models, November 2026.
const hidesReasoning = /(?:^|[/.])(?:o[1-9]|gpt-[5-9]|gemini-(?:2\.5|[3-9])|grok-(?:3-mini|[4-9])|deepseek-r)/i
// What a provider makes between our last look and its noticing that nobody listens: two seconds of the fastest models.
const underWay = 500

/**
 * Whose a budget is, for a sentence. Alerts leave the machine, and keys of sessions and names of who wrote in a channel
 * are telephone numbers: those stand in `detail.of`, which stays in the log.
 */
export function ofWhom(limit: string, key: string): string {
  return key === '' || limit === 'session' || limit === 'user' ? '' : ` of ${key}`
}

/**
 * The meter in the words of the model proxy. Levels that are reached, and bills beyond the worst case, are alerts.
 * Answers come at once where the meter gives them at once and nobody is to be told.
 */
export function forModelProxy(meter: Meter, audit: AuditSink, providers: readonly Provider[]): ModelMeter {
  const priced = new Map(providers.map((provider) => [provider.name, priceName(provider)]))
  const tell = async (warnings: readonly Warning[]): Promise<void> => {
    for (const { limit, key, period, fraction, crossed } of warnings) {
      const reason = `${Math.round(fraction * 100)} % of the ${limit} budget${ofWhom(limit, key)} is spent (${period})`
      await audit.append({ event_type: 'alert', severity: 'warning', rule: `budget.warn-${limit}`, reason, detail: { crossed, ...(key && { of: key }) } })
    }
  }
  const reserved = (answer: Reserved | BudgetRefusal, hasCap: boolean): Reservation | Promise<Reservation> => {
    if (!answer.granted) return { ok: false, limit: answer.rule, reason: answer.reason }
    const reservation = { ok: true, reservationId: answer.id, ...(!hasCap && { capOutputTokens: answer.maxOutputTokens }) } as const
    return answer.warnings.length === 0 ? reservation : tell(answer.warnings).then(() => reservation)
  }
  const settled = async ({ id, costMicroUsd, overrunMicroUsd, warnings }: Settled): Promise<Settlement> => {
    await tell(warnings)
    if (overrunMicroUsd > 0) {
      const reason = `the provider billed ${formatMoney(overrunMicroUsd)} more than the call could cost by its announced sizes`
      await audit.append({ event_type: 'alert', severity: 'high', rule: 'budget.overrun', visit: id, reason })
    }
    return { costMicroUsd }
  }
  return {
    reserve(claim) {
      const hasCap = claim.maxOutputTokens !== null
      const answer = meter.reserve({ ...claim, provider: priced.get(claim.provider) ?? claim.provider })
      return answer instanceof Promise ? answer.then((later) => reserved(later, hasCap)) : reserved(answer, hasCap)
    },
    settle(id, { exact, ...counts }, { model, stream }) {
      // Of an answer that is cut more may have been made than was seen.
      const mayBeMore = !stream || counts.outputTokens === 0 || hidesReasoning.test(model)
      const answer = exact ? meter.settle(id, counts) : meter.settleInterrupted(id, { ...counts, ...(!mayBeMore && { mostOutputTokens: counts.outputTokens + underWay }) })
      return answer.warnings.length === 0 && answer.overrunMicroUsd === 0 ? { costMicroUsd: answer.costMicroUsd } : settled(answer)
    },
    progress: (id, { exact: _exact, ...seen }) => meter.progress(id, seen),
    release: (id) => meter.release(id),
  }
}
