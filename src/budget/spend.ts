// long: one report, with the rows it is made of
import type { DatabaseSync } from 'node:sqlite'
import type { Clock, MicroUsd } from '../base/index.ts'
import type { Limits, MoneyLimit } from './claim.ts'
import { openLedger, type Ledger, type OpenRow } from './ledger.ts'
import { overrideFrom, type Override } from './override.ts'
import { agentKey, namedPot, potId, potsOf, widePot, type NamedLimit, type Pot } from './pots.ts'

/** Narrows the report; both empty: everything. */
export interface SpendQuery {
  agentId?: string
  sessionKey?: string
  /** Rows per list, largest spender first; default 20. */
  top?: number
}

/** One budget: what went out of it and what is left. */
export interface PotReport {
  limit: MoneyLimit
  key: string
  period: string
  setting: string
  spentMicroUsd: MicroUsd
  /** Part of the spending that was waived and no longer counts. */
  waivedMicroUsd: MicroUsd
  /** Held by calls under way that were written down. */
  reservedMicroUsd: MicroUsd
  /** Held by guards beyond that: for calls a few milliseconds old, and for those to come. */
  leasedMicroUsd: MicroUsd
  /** What holds now, with an override; `null`: no limit. */
  limitMicroUsd: MicroUsd | null
  remainingMicroUsd: MicroUsd | null
  /** What replaces the setting for a while. */
  override: Override | null
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
  global: PotReport
  agents: PotReport[]
  sessions: PotReport[]
  users: PotReport[]
  channels: PotReport[]
  cronJobs: PotReport[]
  models: ModelSpend[]
  open: OpenReservation[]
  /** The machine's clock shows an earlier day than it once did; budgets stay on the later one. */
  clockBehind: boolean
}

/**
 * Reads what was spent, as far as guards have written it down: all but the last milliseconds. Needs no price table,
 * so that `hardshell spend` starts quickly. `Meter.spend` writes first.
 */
export function readSpend(
  { db, limits }: { db: DatabaseSync; limits: Limits },
  query: SpendQuery,
  { clock }: { clock: Clock },
): SpendReport {
  const ledger = openLedger(db)
  return ledger.atomically(() => {
    const wallDay = dayAt(clock.now())
    const latestDay = dayAt(ledger.calendar().latest_ms)
    const day = wallDay > latestDay ? wallDay : latestDay
    const open = ledger.open()
    const report = (pot: Pot): PotReport => reportOf(ledger, pot, open, limits)
    const named = (kind: NamedLimit, only?: string): PotReport[] =>
      keys(db, kind, { open, day, limits, top: query.top ?? 20, only }).map(({ key, period }) =>
        report(namedPot(kind, key, period, limits)),
      )
    return {
      day: report(widePot('day', day, limits)),
      month: report(widePot('month', day, limits)),
      global: report(widePot('global', day, limits)),
      agents: named('agent', query.agentId && agentKey(query.agentId)),
      sessions: named('session', query.sessionKey),
      users: named('user'),
      channels: named('channel'),
      cronJobs: named('cron-job'),
      models: models(db, day, query.top ?? 20),
      open: open.filter((row) => matches(row, query)).map(openReservation),
      clockBehind: wallDay < day,
    }
  })
}

function dayAt(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

function reportOf(ledger: Ledger, pot: Pot, open: readonly OpenRow[], limits: Limits): PotReport {
  const { spent, waived } = ledger.total(pot)
  const reserved = open.filter(({ place }) => isIn(pot, place, limits)).reduce((sum, row) => sum + row.reserved, 0)
  const row = ledger.overrideOf(pot)
  const limit = row ? row.allow : pot.limitMicroUsd
  const leased = Math.max(0, ledger.leased(pot) - reserved)
  return {
    limit: pot.limit as MoneyLimit,
    key: pot.key,
    period: pot.period,
    setting: pot.setting,
    spentMicroUsd: spent,
    waivedMicroUsd: waived,
    reservedMicroUsd: reserved,
    leasedMicroUsd: leased,
    limitMicroUsd: limit,
    remainingMicroUsd: limit === null ? null : Math.max(0, limit - (spent - waived) - reserved - leased),
    override: row ? overrideFrom(row) : null,
  }
}

function isIn(pot: Pot, place: OpenRow['place'], limits: Limits): boolean {
  return potsOf(place, limits).some((other) => potId(other) === potId(pot))
}

type Key = { key: string; period: string }

/** Those that spent, and those that only hold a reservation so far. */
function keys(
  db: DatabaseSync,
  kind: NamedLimit,
  { open, day, limits, top, only }: { open: readonly OpenRow[]; day: string; limits: Limits; top: number; only?: string },
): Key[] {
  const rows = db
    .prepare(`
    SELECT key, period, spent FROM budget_totals
    WHERE pot = :kind AND period IN (:day, 'always') AND (:only IS NULL OR key = :only)
    ORDER BY spent DESC, key LIMIT :top`)
    .all({ kind, day, only: only ?? null, top }) as unknown as (Key & { spent: number })[]
  const byId = new Map(rows.map((row) => [`${row.period}/${row.key}`, row]))
  for (const { place, reserved } of open) {
    const pot = potsOf(place, limits).find(({ limit }) => limit === kind)
    if (!pot || (pot.period !== day && pot.period !== 'always') || (only !== undefined && pot.key !== only)) continue
    const known = byId.get(`${pot.period}/${pot.key}`)
    const sum = (known?.spent ?? 0) + reserved
    byId.set(`${pot.period}/${pot.key}`, { key: pot.key, period: pot.period, spent: sum })
  }
  return [...byId.values()].toSorted((a, b) => b.spent - a.spent || (a.key < b.key ? -1 : 1)).slice(0, top)
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

function matches({ place }: OpenRow, { agentId, sessionKey }: SpendQuery): boolean {
  return (
    (agentId === undefined || place.agentId === agentKey(agentId)) &&
    (sessionKey === undefined || place.sessionKey === sessionKey)
  )
}

function openReservation({ id, place, reserved, openedAt }: OpenRow): OpenReservation {
  return {
    id,
    agentId: place.agentId,
    sessionKey: place.sessionKey,
    model: place.model,
    reservedMicroUsd: reserved,
    openedAt,
  }
}
