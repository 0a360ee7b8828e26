import type { Config } from '../config/index.ts'
import { loadPrices, type Limits, type Meter, type PriceBook } from '../budget/index.ts'
import { probeModel, probeProvider } from '../openclaw/index.ts'
import type { ModelMeter } from '../proxy/model/index.ts'
import { budgetProbeAgent } from './callers.ts'

/** The limits of the settings, and the one the budget proof runs into. */
export function limitsOf(config: Config): Limits {
  const { tokens_per_request, per_session, per_agent, per_day, per_month } = config.budgets
  return {
    tokensPerRequest: tokens_per_request,
    perSession: per_session,
    perAgent: per_agent,
    perDay: per_day,
    perMonth: per_month,
    perAgentOverrides: { [budgetProbeAgent]: 1 },
  }
}

/** The price table, with prices for the two models that live inside the guard. */
export async function pricesOf(config: Config): Promise<PriceBook> {
  return await loadPrices({
    unknownModel: config.budgets.unknown_model,
    overrides: {
      'hardshell/*': { input: 0, output: 0 },
      // Only the budget proof ever pays this, and only in a reservation that is refused.
      [`${probeProvider}/${probeModel}`]: { input: 1_000_000, output: 1_000_000 },
    },
  })
}

/** The meter in the words of the model proxy. */
export function forModelProxy(meter: Meter): ModelMeter {
  return {
    async reserve(claim) {
      const answer = await meter.reserve(claim)
      if (!answer.granted) return { ok: false, limit: answer.limit, reason: answer.reason }
      const cap = claim.maxOutputTokens === null ? { capOutputTokens: answer.maxOutputTokens } : {}
      return { ok: true, reservationId: answer.id, ...cap }
    },
    async settle(id, { exact, ...counts }) {
      const settled = exact ? await meter.settle(id, counts) : await meter.settleInterrupted(id, { ...counts, mostOutputTokens: counts.outputTokens })
      return { costMicroUsd: settled.costMicroUsd }
    },
    release: (id) => meter.release(id),
  }
}
