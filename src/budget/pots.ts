import { HardshellError, type MicroUsd } from '../base/index.ts'
import type { Claim, LimitName, Limits } from './claim.ts'

/** A sum that one call is counted in: the day's, the month's, its agent's … Every call draws from several. */
export interface Pot {
  limit: Exclude<LimitName, 'tokens-per-request' | 'unknown-model'>
  /** Agent, session or scope; empty for day and month. */
  key: string
  period: string
  /** `null`: counted, not limited. */
  limitMicroUsd: MicroUsd | null
  setting: string
}

/** What a claim draws from, as it is stored: no nulls, ids in one spelling. */
export interface Place {
  day: string
  agentId: string
  sessionKey: string
  sessionPeriod: string
  scope: string
}

/** Nobody's calls: one agent and one session of their own each day, so that no name is no way around a limit. */
export const unattributed = '(unattributed)'

/** Where a claim is counted on a day. */
export function placeOf(claim: Pick<Claim, 'agentId' | 'sessionKey' | 'scope'>, day: string): Place {
  const agentId = claim.agentId === null ? unattributed : agentKey(claim.agentId)
  const known = claim.sessionKey !== null
  return {
    day,
    agentId,
    sessionKey: known ? claim.sessionKey! : `${unattributed}:${agentId}`,
    sessionPeriod: known ? 'always' : day,
    scope: claim.scope ?? '',
  }
}

/** The pots of a place, widest last: the refusal names the narrowest limit that stops the call. */
export function potsOf({ day, agentId, sessionKey, sessionPeriod, scope }: Place, limits: Limits): Pot[] {
  return [
    ...(scope === '' ? [] : [scopePot(scope, day, limits)]),
    sessionPot(sessionKey, sessionPeriod, limits),
    agentPot(agentId, day, limits),
    dayPot(day, limits),
    monthPot(day, limits),
  ]
}

export function dayPot(day: string, { perDay }: Limits): Pot {
  return { limit: 'day', key: '', period: day, limitMicroUsd: perDay ?? null, setting: 'budgets.per_day' }
}

export function monthPot(day: string, { perMonth }: Limits): Pot {
  const period = day.slice(0, 7)
  return { limit: 'month', key: '', period, limitMicroUsd: perMonth ?? null, setting: 'budgets.per_month' }
}

export function sessionPot(key: string, period: string, { perSession }: Limits): Pot {
  return { limit: 'session', key, period, limitMicroUsd: perSession ?? null, setting: 'budgets.per_session' }
}

export function agentPot(agentId: string, day: string, limits: Limits): Pot {
  const own = Object.entries(limits.perAgentOverrides ?? {}).find(([id]) => agentKey(id) === agentId)
  return {
    limit: 'agent',
    key: agentId,
    period: day,
    limitMicroUsd: own?.[1] ?? limits.perAgent ?? null,
    setting: own ? `budgets.per_agent_overrides.${own[0]}` : 'budgets.per_agent',
  }
}

export function scopePot(scope: string, day: string, limits: Limits): Pot {
  const own = Object.hasOwn(limits.perScope ?? {}, scope) ? limits.perScope![scope]! : null
  return { limit: 'scope', key: scope, period: day, limitMicroUsd: own, setting: `budgets.per_scope.${scope}` }
}

/** OpenClaw's agent ids are lower case; settings are typed by people. */
export function agentKey(agentId: string): string {
  return agentId.trim().toLowerCase()
}

/** @throws HardshellError `budget.bad-limit` naming the setting */
export function refuseBadLimits(limits: Limits): void {
  const named: [string, number | undefined][] = [
    ['budgets.tokens_per_request', limits.tokensPerRequest],
    ['budgets.per_session', limits.perSession],
    ['budgets.per_agent', limits.perAgent],
    ['budgets.per_day', limits.perDay],
    ['budgets.per_month', limits.perMonth],
    ...Object.entries(limits.perAgentOverrides ?? {}).map(([id, value]): [string, number] => [
      `budgets.per_agent_overrides.${id}`,
      value,
    ]),
    ...Object.entries(limits.perScope ?? {}).map(([id, value]): [string, number] => [`budgets.per_scope.${id}`, value]),
  ]
  for (const [setting, value] of named) {
    if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) continue
    throw new HardshellError('budget.bad-limit', `${setting} must be a whole number, not negative`, {
      hint: `correct ${setting} and run: hardshell config check`,
    })
  }
  if (limits.warnAt?.some((level) => !(level > 0 && level <= 1))) {
    throw new HardshellError('budget.bad-limit', 'budgets.warn_at must hold fractions above 0, up to 1', {
      hint: 'for example: warn_at: [0.5, 0.8]',
    })
  }
}
