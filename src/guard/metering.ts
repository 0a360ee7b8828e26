import type { AuditSink } from '../auditlog/index.ts'
import { formatMoney } from '../base/index.ts'
import { loadPrices, type Limits, type Meter, type PriceBook, type PriceOverride, type Warning } from '../budget/index.ts'
import type { Config } from '../config/index.ts'
import { probeModel, probeProvider } from '../openclaw/index.ts'
import type { ModelMeter, Provider } from '../proxy/model/index.ts'
import { budgetProbeAgent } from './callers.ts'

/** The limits of the settings, and the one the budget proof runs into. */
export function limitsOf(config: Config): Limits {
  const { tokens_per_request, per_session, per_agent, per_day, per_month, per_agent_overrides, per_scope, warn_at } = config.budgets
  return {
    tokensPerRequest: tokens_per_request,
    perSession: per_session,
    perAgent: per_agent,
    perDay: per_day,
    perMonth: per_month,
    perAgentOverrides: { ...per_agent_overrides, [budgetProbeAgent]: 1 },
    perScope: per_scope,
    warnAt: warn_at,
  }
}

/** The price table, with prices for the two models that live inside the guard. */
export async function pricesOf(config: Config): Promise<PriceBook> {
  return await loadPrices({
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

/** The meter in the words of the model proxy. Levels that are reached, and bills beyond the worst case, are alerts. */
export function forModelProxy(meter: Meter, audit: AuditSink, providers: readonly Provider[]): ModelMeter {
  const priced = new Map(providers.map((provider) => [provider.name, priceName(provider)]))
  const tell = async (warnings: readonly Warning[]): Promise<void> => {
    for (const { limit, key, period, fraction, crossed } of warnings) {
      const reason = `${Math.round(fraction * 100)} % of the ${limit} budget${key && ` of ${key}`} is spent (${period})`
      await audit.append({ event_type: 'alert', severity: 'warning', rule: `budget.warn-${limit}`, reason, detail: { crossed } })
    }
  }
  return {
    async reserve(claim) {
      const answer = await meter.reserve({ ...claim, provider: priced.get(claim.provider) ?? claim.provider })
      if (!answer.granted) return { ok: false, limit: answer.rule, reason: answer.reason }
      await tell(answer.warnings)
      const cap = claim.maxOutputTokens === null ? { capOutputTokens: answer.maxOutputTokens } : {}
      return { ok: true, reservationId: answer.id, ...cap }
    },
    async settle(id, { exact, ...counts }) {
      const settled = exact ? await meter.settle(id, counts) : await meter.settleInterrupted(id, { ...counts, mostOutputTokens: counts.outputTokens })
      await tell(settled.warnings)
      if (settled.overrunMicroUsd > 0) {
        const reason = `the provider billed ${formatMoney(settled.overrunMicroUsd)} more than the call could cost by its announced sizes`
        await audit.append({ event_type: 'alert', severity: 'high', rule: 'budget.overrun', visit: id, reason })
      }
      return { costMicroUsd: settled.costMicroUsd }
    },
    release: (id) => meter.release(id),
  }
}
