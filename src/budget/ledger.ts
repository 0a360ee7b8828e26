// long: every statement of the meter in one table, and the rows they read
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { HardshellError, messageOf, type MicroUsd } from '../base/index.ts'
import type { Place, Pot } from './pots.ts'

/** What names a pot in the tables. */
export type PotKey = Pick<Pot, 'limit' | 'key' | 'period'>

/** What went out of one pot for good. */
export interface PotTotal {
  spent: MicroUsd
  waived: MicroUsd
}

/** A call under way, as far as it was written down. */
export interface OpenRow {
  guard: string
  id: string
  place: Place
  reserved: MicroUsd
  /** What it costs when its guard dies now: its reservation, or less once some of the answer was seen. */
  charge: MicroUsd
  openedAt: number
}

export interface OverrideRow {
  id: number
  pot: string
  key: string
  /** `null`: unlimited. */
  allow: MicroUsd | null
  until: number
  reason: string
  made_by: string
  made_at: number
  /** How it ended before its time or at it; `null`: it holds. */
  ended: 'expired' | 'revoked' | null
}

export interface CalendarRow {
  latest_ms: number
  behind_since: number | null
  /** Rises with every change that other guards must notice: overrides, waivers. */
  generation: number
}

/** Every statement the meter makes, and the one transaction they run in. Knows rows, not rules. */
export interface Ledger {
  /**
   * Runs the work under SQLite's write lock: no other process is in between.
   * @throws HardshellError `budget.store-failed` when the database cannot be locked, read or written
   */
  atomically<T>(work: () => T): T
  /** False when the database was closed for good. */
  isOpen(): boolean
  calendar(): CalendarRow
  moveCalendar(row: Pick<CalendarRow, 'latest_ms' | 'behind_since'>): void
  /** Makes every guard look at limits anew. */
  nextGeneration(): void
  hasGuard(guard: string): boolean
  join(guard: string, at: number): void
  leave(guard: string): void
  guards(): string[]
  total(pot: PotKey): PotTotal
  add(pot: PotKey, cost: MicroUsd, calls: number): PotTotal
  waive(pot: PotKey): MicroUsd
  /** What other guards hold of a pot. */
  leasedByOthers(pot: PotKey, guard: string): MicroUsd
  /** What all guards hold of it. */
  leased(pot: PotKey): MicroUsd
  putLease(pot: PotKey, guard: string, amount: MicroUsd): void
  leasesOf(guard: string): (PotKey & { amount: MicroUsd })[]
  putOpen(row: OpenRow): void
  dropOpen(guard: string, id: string): void
  /** Calls under way; with a guard, its own, with those that were charged in its absence where `recovered` is true. */
  open(of?: { guard: string; recovered: boolean }): OpenRow[]
  markRecovered(guard: string, at: number): void
  dropRecovered(guard: string): void
  writeOff(guard: string, pot: PotKey, amount: MicroUsd, at: number): void
  /** Takes the guard's write-offs out of the table. */
  takeWrittenOff(guard: string): (PotKey & { amount: MicroUsd })[]
  /** The one that holds: the latest made. */
  overrideOf(pot: PotKey): OverrideRow | undefined
  overrides(): OverrideRow[]
  addOverride(row: Omit<OverrideRow, 'id' | 'ended'>): OverrideRow
  endOverride(id: number, how: 'revoked'): boolean
  expireOverrides(now: number): boolean
  /** True the first time: the level was not told before for this pot, period and limit. */
  markWarned(pot: PotKey, limitMicroUsd: MicroUsd, level: number): boolean
  /** Forgets what was recovered before: its owner will not come back. */
  forget(before: number): void
}

export function openLedger(db: DatabaseSync): Ledger {
  const sql = statements(db)
  return {
    atomically: (work) => atomically(db, sql, work),
    isOpen: () => db.isOpen,
    calendar: () => sql.calendar.get() as unknown as CalendarRow,
    moveCalendar: (row) => void sql.moveCalendar.run(row.latest_ms, row.behind_since),
    nextGeneration: () => void sql.nextGeneration.run(),
    hasGuard: (guard) => sql.hasGuard.get(guard) !== undefined,
    join: (guard, at) => void sql.join.run(guard, at),
    leave: (guard) => void sql.leave.run(guard),
    guards: () => (sql.guards.all() as { guard: string }[]).map(({ guard }) => guard),
    total: (pot) => (sql.total.get(...keyOf(pot)) as PotTotal | undefined) ?? { spent: 0, waived: 0 },
    add: (pot, cost, calls) => sql.add.get(...keyOf(pot), cost, calls) as unknown as PotTotal,
    waive(pot) {
      sql.unwarn.run(...keyOf(pot))
      return (sql.waive.get(...keyOf(pot)) as { waived: number } | undefined)?.waived ?? 0
    },
    leasedByOthers: (pot, guard) => (sql.others.get(...keyOf(pot), guard) as { sum: number }).sum,
    leased: (pot) => (sql.others.get(...keyOf(pot), '') as { sum: number }).sum,
    putLease(pot, guard, amount) {
      if (amount === 0) sql.dropLease.run(...keyOf(pot), guard)
      else sql.putLease.run(...keyOf(pot), guard, amount)
    },
    leasesOf: (guard) => sql.leasesOf.all(guard) as unknown as (PotKey & { amount: MicroUsd })[],
    ...openCalls(sql),
    writeOff: (guard, pot, amount, at) => void sql.writeOff.run(guard, ...keyOf(pot), amount, at),
    takeWrittenOff: (guard) => sql.takeWrittenOff.all(guard) as unknown as (PotKey & { amount: MicroUsd })[],
    ...overrides(sql),
    markWarned: (pot, limit, level) => sql.warn.run(...keyOf(pot), limit, level).changes > 0,
    forget(before) {
      sql.forgetOpen.run(before)
      sql.forgetWrittenOff.run(before)
    },
  }
}

type Statements = ReturnType<typeof statements>

function openCalls(
  sql: Statements,
): Pick<Ledger, 'putOpen' | 'dropOpen' | 'open' | 'markRecovered' | 'dropRecovered'> {
  type Stored = Omit<OpenRow, 'place' | 'openedAt'> & { place: string; opened_at: number }
  const read = ({ opened_at: openedAt, place, ...row }: Stored): OpenRow => ({
    ...row,
    openedAt,
    place: JSON.parse(place) as Place,
  })
  return {
    putOpen: ({ guard, id, place, reserved, charge, openedAt }) =>
      void sql.putOpen.run(guard, id, JSON.stringify(place), reserved, charge, openedAt),
    dropOpen: (guard, id) => void sql.dropOpen.run(guard, id),
    open(of) {
      const rows = of ? (of.recovered ? sql.recoveredOf : sql.openOf).all(of.guard) : sql.open.all()
      return (rows as unknown as Stored[]).map(read)
    },
    markRecovered: (guard, at) => void sql.markRecovered.run(at, guard),
    dropRecovered: (guard) => void sql.dropRecovered.run(guard),
  }
}

function overrides(
  sql: Statements,
): Pick<Ledger, 'overrideOf' | 'overrides' | 'addOverride' | 'endOverride' | 'expireOverrides'> {
  return {
    overrideOf: ({ limit, key }) => sql.overrideOf.get(limit, key) as unknown as OverrideRow | undefined,
    overrides: () => sql.overrides.all() as unknown as OverrideRow[],
    addOverride: ({ pot, key, allow, until, reason, made_by: by, made_at: at }) =>
      sql.addOverride.get(pot, key, allow, until, reason, by, at) as unknown as OverrideRow,
    endOverride: (id, how) => sql.endOverride.run(how, id).changes > 0,
    expireOverrides: (now) => sql.expireOverrides.run(now).changes > 0,
  }
}

function keyOf({ limit, key, period }: PotKey): [string, string, string] {
  return [limit, key, period]
}

function statements(db: DatabaseSync) {
  const prepare = (text: string): StatementSync => db.prepare(text)
  const pot = 'pot = ? AND key = ? AND period = ?'
  const open = 'SELECT guard, id, place, reserved, charge, opened_at FROM budget_open WHERE recovered_at IS'
  return {
    begin: prepare('BEGIN IMMEDIATE'),
    commit: prepare('COMMIT'),
    calendar: prepare('SELECT latest_ms, behind_since, generation FROM budget_calendar'),
    moveCalendar: prepare('UPDATE budget_calendar SET latest_ms = ?, behind_since = ?'),
    nextGeneration: prepare('UPDATE budget_calendar SET generation = generation + 1'),
    hasGuard: prepare('SELECT 1 FROM budget_guards WHERE guard = ?'),
    join: prepare('INSERT INTO budget_guards VALUES (?, ?)'),
    leave: prepare('DELETE FROM budget_guards WHERE guard = ?'),
    guards: prepare('SELECT guard FROM budget_guards'),
    total: prepare(`SELECT spent, waived FROM budget_totals WHERE ${pot}`),
    add: prepare(`INSERT INTO budget_totals (pot, key, period, spent, calls) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET spent = spent + excluded.spent, calls = calls + excluded.calls
      RETURNING spent, waived`),
    waive: prepare(`UPDATE budget_totals SET waived = spent WHERE ${pot} RETURNING waived`),
    others: prepare(`SELECT coalesce(sum(amount), 0) AS sum FROM budget_leases WHERE ${pot} AND guard <> ?`),
    putLease: prepare(`INSERT INTO budget_leases (pot, key, period, guard, amount) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET amount = excluded.amount`),
    dropLease: prepare(`DELETE FROM budget_leases WHERE ${pot} AND guard = ?`),
    leasesOf: prepare('SELECT pot AS "limit", key, period, amount FROM budget_leases WHERE guard = ?'),
    putOpen: prepare(`INSERT INTO budget_open (guard, id, place, reserved, charge, opened_at) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET reserved = excluded.reserved, charge = excluded.charge`),
    dropOpen: prepare('DELETE FROM budget_open WHERE guard = ? AND id = ?'),
    open: prepare(`${open} NULL ORDER BY opened_at, id`),
    openOf: prepare(`${open} NULL AND guard = ? ORDER BY opened_at, id`),
    recoveredOf: prepare(`${open} NOT NULL AND guard = ?`),
    markRecovered: prepare('UPDATE budget_open SET recovered_at = ? WHERE guard = ? AND recovered_at IS NULL'),
    dropRecovered: prepare('DELETE FROM budget_open WHERE guard = ? AND recovered_at IS NOT NULL'),
    forgetOpen: prepare('DELETE FROM budget_open WHERE recovered_at < ?'),
    writeOff: prepare(`INSERT INTO budget_written_off (guard, pot, key, period, amount, written_at)
      VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET amount = amount + excluded.amount`),
    takeWrittenOff: prepare(
      'DELETE FROM budget_written_off WHERE guard = ? RETURNING pot AS "limit", key, period, amount',
    ),
    forgetWrittenOff: prepare('DELETE FROM budget_written_off WHERE written_at < ?'),
    overrideOf: prepare(`SELECT * FROM budget_overrides WHERE pot = ? AND key = ? AND ended IS NULL
      ORDER BY id DESC LIMIT 1`),
    overrides: prepare('SELECT * FROM budget_overrides WHERE ended IS NULL ORDER BY id'),
    addOverride: prepare(`INSERT INTO budget_overrides (pot, key, allow, until, reason, made_by, made_at)
      VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING *`),
    endOverride: prepare('UPDATE budget_overrides SET ended = ? WHERE id = ? AND ended IS NULL'),
    expireOverrides: prepare("UPDATE budget_overrides SET ended = 'expired' WHERE ended IS NULL AND until <= ?"),
    warn: prepare('INSERT OR IGNORE INTO budget_warned (pot, key, period, limit_value, level) VALUES (?, ?, ?, ?, ?)'),
    unwarn: prepare(`DELETE FROM budget_warned WHERE ${pot}`),
  }
}

function atomically<T>(db: DatabaseSync, sql: Statements, work: () => T): T {
  try {
    sql.begin.run()
    const result = work()
    sql.commit.run()
    return result
  } catch (error) {
    if (db.isOpen && db.isTransaction) db.exec('ROLLBACK')
    if (error instanceof HardshellError) throw error
    throw new HardshellError('budget.store-failed', `the meter cannot be kept: ${messageOf(error)}`, {
      hint: 'check free space and rights of the state database; calls are refused until it can be written',
      cause: error,
    })
  }
}
