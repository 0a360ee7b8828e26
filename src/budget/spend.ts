import type { DatabaseSync } from 'node:sqlite'
import type { Clock, MicroUsd } from '../base/index.ts'
import type { LimitName, Limits } from './claim.ts'
import { openLedger, type ClaimRow } from './ledger.ts'
import { agentKey, agentPot, dayPot, monthPot, scopePot, sessionPot, type Place, type Pot } from './pots.ts'

/** Narrows the report; both empty: everything. */
export interface SpendQuery {
  agentId?: string
  sessionKey?: string
  /** Rows per list, largest spender first; default 20. */
  top?: number
}

/** One budget: what went out of it and what is left. */
export interface PotReport {
  limit: LimitName
  key: string
  period: string
  setting: string
  spentMicroUsd: MicroUsd
  /** Part of the spending that was waived and no longer counts. */
  waivedMicroUsd: MicroUsd
  reservedMicroUsd: MicroUsd
  /** `null`: no limit is set. */
  limitMicroUsd: MicroUsd | null
  remainingMicroUsd: MicroUsd | null
}

export interface ModelSpend {
  /** `provider/model`. */
  model: string
  todayMicroUsd: MicroUsd
  monthMicroUsd: MicroUsd
  callsThisMonth: number
}

export interface OpenReservation {
  id: string
  agentId: string
  sessionKey: string
  model: string
  reservedMicroUsd: MicroUsd
  openedAt: number
}

export interface SpendReport {
  day: PotReport
  month: PotReport
  agents: PotReport[]
  sessions: PotReport[]
  scopes: PotReport[]
  models: ModelSpend[]
  open: OpenReservation[]
  /** The machine's clock shows an earlier day than it once did; budgets stay on the later one. */
  clockBehind: boolean
}

/** Reads what was spent. Needs no price table, so that `hardshell spend` starts quickly. */
export function readSpend(
  { db, limits }: { db: DatabaseSync; limits: Limits },
  query: SpendQuery,
  { clock }: { clock: Clock },
): SpendReport {
  const ledger = openLedger(db)
  return ledger.atomically(() => {
    const day = ledger.today(clock.now())
    const report = (pot: Pot): PotReport => reportOf(pot, ledger.sums([pot], placeFor(pot, day))[0]!)
    const top = query.top ?? 20
    const agents = keys(db, 'agent', { periods: [day, day], top, only: query.agentId && agentKey(query.agentId) })
    const sessions = keys(db, 'session', { periods: ['always', day], top, only: query.sessionKey })
    const scopes = keys(db, 'scope', { periods: [day, day], top })
    return {
      day: report(dayPot(day, limits)),
      month: report(monthPot(day, limits)),
      agents: agents.map(({ key }) => report(agentPot(key, day, limits))),
      sessions: sessions.map(({ key, period }) => report(sessionPot(key, period, limits))),
      scopes: scopes.map(({ key }) => report(scopePot(key, day, limits))),
      models: models(db, day, top),
      open: ledger
        .open()
        .filter((row) => matches(row, query))
        .map(openReservation),
      clockBehind: new Date(clock.now()).toISOString().slice(0, 10) < day,
    }
  })
}

function reportOf(
  pot: Pot,
  { spent, waived, reserved }: { spent: number; waived: number; reserved: number },
): PotReport {
  const limit = pot.limitMicroUsd
  return {
    limit: pot.limit,
    key: pot.key,
    period: pot.period,
    setting: pot.setting,
    spentMicroUsd: spent,
    waivedMicroUsd: waived,
    reservedMicroUsd: reserved,
    limitMicroUsd: limit,
    remainingMicroUsd: limit === null ? null : Math.max(0, limit - (spent - waived) - reserved),
  }
}

/** Only the field of the pot's own kind is looked at. */
function placeFor(pot: Pot, day: string): Place {
  return {
    day,
    agentId: pot.key,
    sessionKey: pot.key,
    sessionPeriod: pot.limit === 'session' ? pot.period : day,
    scope: pot.key,
  }
}

type Key = { key: string; period: string }

/** Those that spent, and those that only hold a reservation so far; `periods` are two, equal where one is meant. */
function keys(
  db: DatabaseSync,
  kind: 'agent' | 'session' | 'scope',
  { periods, top, only }: { periods: [string, string]; top: number; only?: string },
): Key[] {
  const column = { agent: 'agent_id', session: 'session_key', scope: 'scope' }[kind]
  const period = kind === 'session' ? 'session_period' : 'day'
  const statement = db.prepare(`
    SELECT key, period, sum(spent) AS total FROM (
      SELECT key, period, spent FROM budget_totals WHERE pot = :kind AND period IN (:first, :second)
      UNION ALL
      SELECT ${column}, ${period}, reserved FROM budget_claims
      WHERE state = 'open' AND free = 0 AND ${column} <> '' AND ${period} IN (:first, :second)
    ) WHERE :only IS NULL OR key = :only
    GROUP BY key, period ORDER BY total DESC, key LIMIT :top`)
  const [first, second] = periods
  return statement.all({ kind, first, second, only: only ?? null, top }) as unknown as Key[]
}

function models(db: DatabaseSync, day: string, top: number): ModelSpend[] {
  const month = day.slice(0, 7)
  return db
    .prepare(`
    SELECT key AS model, coalesce(sum(spent) FILTER (WHERE period = :day), 0) AS todayMicroUsd,
      sum(spent) AS monthMicroUsd, sum(calls) AS callsThisMonth
    FROM budget_totals WHERE pot = 'model' AND substr(period, 1, 7) = :month
    GROUP BY key ORDER BY monthMicroUsd DESC, key LIMIT :top`)
    .all({ day, month, top }) as unknown as ModelSpend[]
}

function matches(row: ClaimRow, { agentId, sessionKey }: SpendQuery): boolean {
  return (
    (agentId === undefined || row.agent_id === agentKey(agentId)) &&
    (sessionKey === undefined || row.session_key === sessionKey)
  )
}

function openReservation(row: ClaimRow): OpenReservation {
  return {
    id: row.id,
    agentId: row.agent_id,
    sessionKey: row.session_key,
    model: `${row.provider}/${row.model}`,
    reservedMicroUsd: row.reserved,
    openedAt: row.opened_at,
  }
}
