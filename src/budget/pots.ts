import { HardshellError, type MicroUsd } from '../base/index.ts'
import type { BudgetName, Claim, Limits, MoneyLimit } from './claim.ts'

/** A sum that one call is counted in: the day's, the month's, its agent's … Every call draws from several. */
export interface Pot {
  /** `model`: counted for the report, never limited. */
  limit: MoneyLimit | 'model'
  /** Agent, session, user …; empty for day, month and global. */
  key: string
  period: string
  /** As the settings say; `null`: counted, not limited. */
  limitMicroUsd: MicroUsd | null
  setting: string
}

/** What a claim draws from, as it is stored: no nulls, ids in one spelling. */
export interface Place {
  day: string
  agentId: string
  sessionKey: string
  sessionPeriod: string
  user: string
  channel: string
  /** Empty: no cron job's. */
  cronJob: string
  /** `provider/model`, as priced. */
  model: string
}

/** Nobody's calls: one agent, session, user … of their own each day, so that no name is no way around a limit. */
export const unattributed = '(unattributed)'

type Named = Pick<Claim, 'agentId' | 'sessionKey' | 'rootSessionKey' | 'user' | 'channel' | 'cronJob'>

/** Where a claim is counted on a day. */
export function placeOf(claim: Named, day: string, model: string): Place {
  const agentId = claim.agentId === null ? unattributed : agentKey(claim.agentId)
  const session = claim.rootSessionKey ?? claim.sessionKey
  return {
    day,
    agentId,
    sessionKey: session ?? `${unattributed}:${agentId}`,
    sessionPeriod: session === null ? day : 'always',
    user: claim.user ?? unattributed,
    channel: claim.channel ?? unattributed,
    // Most calls are no cron job's, and say so by having an agent and no job.
    cronJob: claim.cronJob ?? (claim.agentId === null ? unattributed : ''),
    model,
  }
}

/** The pots of a place, widest last: the refusal names the narrowest limit that stops the call. */
export function potsOf(place: Place, limits: Limits): Pot[] {
  const { day } = place
  return [
    { limit: 'model', key: place.model, period: day, limitMicroUsd: null, setting: '' },
    ...(place.cronJob === '' ? [] : [namedPot('cron-job', place.cronJob, day, limits)]),
    namedPot('session', place.sessionKey, place.sessionPeriod, limits),
    namedPot('user', place.user, day, limits),
    namedPot('channel', place.channel, day, limits),
    namedPot('agent', place.agentId, day, limits),
    widePot('day', day, limits),
    widePot('month', day, limits),
    widePot('global', day, limits),
  ]
}

/** The name of a pot in one string: kinds and periods hold no slash. */
export function potId({ limit, key, period }: Pick<Pot, 'limit' | 'key' | 'period'>): string {
  return `${limit}/${period}/${key}`
}

export type WideLimit = 'day' | 'month' | 'global'
export type NamedLimit = Exclude<MoneyLimit, WideLimit>

export function widePot(limit: WideLimit, day: string, limits: Limits): Pot {
  const [period, value, setting] = {
    day: [day, limits.perDay, 'budgets.per_day'],
    month: [day.slice(0, 7), limits.perMonth, 'budgets.per_month'],
    global: ['always', limits.global, 'budgets.global'],
  }[limit] as [string, MicroUsd | undefined, string]
  return { limit, key: '', period, limitMicroUsd: value ?? null, setting }
}

export function namedPot(limit: NamedLimit, key: string, period: string, limits: Limits): Pot {
  const { field, value, overrides } = settingOf(limit, limits)
  const same = (name: string): boolean => (limit === 'agent' ? agentKey(name) : name) === key
  const own = Object.entries(overrides ?? {}).find(([name]) => same(name))
  return {
    limit,
    key,
    period,
    limitMicroUsd: own?.[1] ?? value ?? null,
    setting: own ? `budgets.${field}_overrides.${own[0]}` : `budgets.${field}`,
  }
}

function settingOf(limit: NamedLimit, limits: Limits) {
  switch (limit) {
    case 'session':
      return { field: 'per_session', value: limits.perSession, overrides: undefined }
    case 'agent':
      return { field: 'per_agent', value: limits.perAgent, overrides: limits.perAgentOverrides }
    case 'user':
      return { field: 'per_user', value: limits.perUser, overrides: limits.perUserOverrides }
    case 'channel':
      return { field: 'per_channel', value: limits.perChannel, overrides: limits.perChannelOverrides }
    case 'cron-job':
      return { field: 'per_cron_job', value: limits.perCronJob, overrides: limits.perCronJobOverrides }
  }
}

/** The pot somebody means who names a budget today. */
export function potNamed(what: BudgetName, day: string, limits: Limits): Pot {
  if (!('key' in what)) return widePot(what.limit, day, limits)
  const key = what.limit === 'agent' ? agentKey(what.key) : what.key
  // The session that unattributed calls share starts anew each day under a name of its own.
  const forGood = what.limit === 'session' && !key.startsWith(unattributed)
  return namedPot(what.limit, key, forGood ? 'always' : day, limits)
}

/** OpenClaw's agent ids are lower case; settings are typed by people. */
export function agentKey(agentId: string): string {
  return agentId.trim().toLowerCase()
}

/** @throws HardshellError `budget.bad-limit` naming the setting */
export function refuseBadLimits(limits: Limits): void {
  const kinds: NamedLimit[] = ['session', 'agent', 'user', 'channel', 'cron-job']
  const named: [string, number | undefined][] = [
    ['budgets.tokens_per_request', limits.tokensPerRequest],
    ['budgets.per_day', limits.perDay],
    ['budgets.per_month', limits.perMonth],
    ['budgets.global', limits.global],
    ...kinds.flatMap((kind): [string, number | undefined][] => {
      const { field, value, overrides } = settingOf(kind, limits)
      const own = Object.entries(overrides ?? {}).map(([name, amount]): [string, number] => [
        `budgets.${field}_overrides.${name}`,
        amount,
      ])
      return [[`budgets.${field}`, value], ...own]
    }),
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
