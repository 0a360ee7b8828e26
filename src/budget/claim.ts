import type { MicroUsd } from '../base/index.ts'
import type { Price } from './price.ts'
import type { Usage } from './usage.ts'

/** A model call that somebody is about to make, with the sizes that bound its cost from above. */
export interface Claim {
  /** Visit id. A retry is a second call and needs a second id. */
  id: string
  /** As OpenClaw announced it. `null`: nobody did; such calls share one agent and one session per day. */
  agentId: string | null
  sessionKey: string | null
  /** The session a sub-agent works for: it pays. `null` or left out: `sessionKey` does. */
  rootSessionKey?: string | null
  /** Who is spoken for, and where. Nobody known: such calls share one user and one channel per day. */
  user?: string | null
  channel?: string | null
  /** `null`: not made by a cron job, or the whole call is unattributed and then counted as one unnamed job's. */
  cronJob?: string | null
  /** Provider as the price table calls it (`anthropic`, `openai`), or as an override in the settings does. */
  provider: string
  /** As it stands in the request; attacker-controlled. */
  model: string
  /** UTF-8 bytes of the whole request: no tokeniser makes more tokens than there are bytes. */
  inputBytes: number
  /**
   * The request's own cap, times the number of answers asked for (`n`). `null` when it sets none: the caller must
   * then send `Reservation.maxOutputTokens` along, or the bound does not hold.
   */
  maxOutputTokens: number | null
  /** Tokens the provider adds that are not in the bytes: images and files by reference, hidden tool prompts. */
  unseenInputTokens?: number
  /** `service_tier` of the request, or `fast` for Anthropic's `speed`: the reservation is made at its price. */
  serviceTier?: string | null
  /**
   * An earlier attempt at the same request, given up: while it is open and nothing of its answer was seen, its
   * reservation is handed over to this one instead of a second being made.
   */
  attemptOf?: string | null
  /** A proof's own call: costs nothing and is counted nowhere, but must still pass `tokensPerRequest`. */
  free?: boolean
}

type PerName = Readonly<Record<string, MicroUsd>>

/** What may be spent. A missing limit is no limit. Money is per UTC calendar day or month, unless said otherwise. */
export interface Limits {
  /** Input bound plus output cap of a single call, in tokens. */
  tokensPerRequest?: number
  /** For the life of a session key; start again with `Meter.waive`. */
  perSession?: MicroUsd
  /** For each agent and day. */
  perAgent?: MicroUsd
  /** For each user, channel and cron job, and day. */
  perUser?: MicroUsd
  perChannel?: MicroUsd
  perCronJob?: MicroUsd
  perDay?: MicroUsd
  perMonth?: MicroUsd
  /** For everything, ever: no calendar resets it, only an override or a waiver. */
  global?: MicroUsd
  /** Replaces `perAgent` for the agents named; compared in lower case, as OpenClaw writes agent ids. */
  perAgentOverrides?: PerName
  /** The same for users, channels and cron jobs, in their own spelling. */
  perUserOverrides?: PerName
  perChannelOverrides?: PerName
  perCronJobOverrides?: PerName
  /** Fractions of a limit at which to tell somebody, each once a period; default 0.5, 0.8 and 1. */
  warnAt?: readonly number[]
}

/** Limits on sums of money, in the order of the reports. */
export type MoneyLimit = 'session' | 'agent' | 'user' | 'channel' | 'cron-job' | 'day' | 'month' | 'global'

export type LimitName = 'tokens-per-request' | MoneyLimit | 'unknown-model'

/** The call may be made, its worst case is set aside. Ends in one `settle`, `settleInterrupted` or `release`. */
export interface Reservation {
  granted: true
  id: string
  /** Set aside in every budget the call touches; 0 for free calls. */
  reservedMicroUsd: MicroUsd
  /** The output bound this was computed with: the request must be sent with no larger cap. */
  maxOutputTokens: number
  /** Why `maxOutputTokens` or the price is a guess, `null` when neither is. */
  assumed: string | null
  /** `null` for a free call to a model without a price. */
  price: Price | null
  warnings: Warning[]
}

/** The call may not be made. A value for the log and for the person, never thrown. */
export interface BudgetRefusal {
  granted: false
  id: string
  /** `budget.day`, `budget.unknown-model` … */
  rule: `budget.${LimitName}`
  /** One sentence naming limit, setting, what is spent, reserved and asked for. */
  reason: string
  limit: LimitName
  /** The setting to change: `budgets.per_day`. */
  setting: string
  /** What `limitValue`, `spent`, `reserved` and `asked` count. */
  unit: 'micro-usd' | 'tokens'
  limitValue: number
  spent: number
  /** Held by calls under way, and by other guards for calls of theirs. */
  reserved: number
  asked: number
  /** `2026-11-21`, `2026-11` or `always`; empty where the limit has no period. */
  period: string
  /** True when the call would fit once calls under way give back what they do not use: asking again may help. */
  transient: boolean
}

/** What one call did to the budgets in the end. */
export interface Settled {
  id: string
  /** `released`: nothing was sent. `recovered`: the owner died or forgot it; what cannot be excluded was charged. */
  how: 'settled' | 'interrupted' | 'released' | 'recovered'
  costMicroUsd: MicroUsd
  reservedMicroUsd: MicroUsd
  /** Cost beyond the reservation: the provider billed more than the announced sizes allow. */
  overrunMicroUsd: MicroUsd
  /** The usage was not made of counts, so the worst case was charged. */
  usageRejected: boolean
  /** This call was settled before; nothing was changed and this is the first answer. */
  already: boolean
  /** Levels reached; those that only a write to the disk brought to light come with the next call's answer. */
  warnings: Warning[]
}

/** What was seen of an answer that broke off. */
export interface Seen extends Usage {
  /** The most output the provider can have made, when the caller can vouch for it; default: the reserved bound. */
  mostOutputTokens?: number
}

/** A level of `warnAt` that was reached just now. */
export interface Warning {
  limit: MoneyLimit
  /** Agent, session, user …; empty for day, month and global. */
  key: string
  period: string
  /** Spent share of the limit. */
  fraction: number
  /** The level reached. */
  crossed: number
}

/** A budget, as people name it. Agents in any spelling; a session by its root session's key. */
export type BudgetName =
  { limit: 'day' | 'month' | 'global' } | { limit: Exclude<MoneyLimit, 'day' | 'month' | 'global'>; key: string }

/** Whose spending so far shall no longer count against its limit. The report keeps showing it. */
export type Waiver = BudgetName

/** Money a dead guard held and may have spent on calls it had no time to write down. */
export interface WriteOff {
  limit: MoneyLimit
  key: string
  period: string
  costMicroUsd: MicroUsd
}

/** What was found of guards that died. */
export interface Recovery {
  calls: Settled[]
  writtenOff: WriteOff[]
}
