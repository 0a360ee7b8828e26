import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { HardshellError, messageOf, type MicroUsd } from '../base/index.ts'
import type { Settled } from './claim.ts'
import type { Place, Pot } from './pots.ts'

/** A call as it is stored. */
export interface ClaimRow {
  id: string
  state: 'open' | Settled['how']
  owner: string
  agent_id: string
  session_key: string
  session_period: string
  scope: string
  provider: string
  model: string
  day: string
  free: number
  input_bound: number
  output_bound: number
  reserved: number
  /** JSON of the price the call was reserved at: it is settled at the same one. `null` in JSON when it had none. */
  price: string
  opened_at: number
  closed_at: number | null
  cost: number
  usage_rejected: number
}

/** What went out of one pot for good. */
export interface PotTotal {
  spent: MicroUsd
  waived: MicroUsd
}

/** The same, and what calls under way hold of it. */
export interface PotSums extends PotTotal {
  reserved: MicroUsd
}

/** Every statement the meter makes, and the one transaction they run in. Knows rows, not rules. */
export interface Ledger {
  /**
   * Runs the work under SQLite's write lock: no other process and no other call is in between.
   * @throws HardshellError `budget.store-failed` when the database cannot be locked, read or written
   */
  atomically<T>(work: () => T): T
  /** The budget's today: never before the latest day ever seen. */
  today(wallMs: number): string
  find(id: string): ClaimRow | undefined
  insert(row: ClaimRow): void
  close(id: string, as: Pick<ClaimRow, 'state' | 'cost' | 'closed_at' | 'usage_rejected'>): void
  /** Totals of each pot, in the order given. */
  totals(pots: readonly Pot[]): PotTotal[]
  /** The same with reservations, which costs a look at every open call. */
  sums(pots: readonly Pot[], place: Place): PotSums[]
  add(pot: { limit: string; key: string; period: string }, cost: MicroUsd, calls: number): void
  waive(pot: Pot): MicroUsd
  /** True the first time: the level was not told before for this pot, period and limit. */
  markWarned(pot: Pot, level: number): boolean
  open(): ClaimRow[]
  forget(closedBefore: number): void
}

export function openLedger(db: DatabaseSync): Ledger {
  const sql = statements(db)
  return {
    atomically: (work) => atomically(db, sql, work),
    today(wallMs) {
      const wallDay = new Date(wallMs).toISOString().slice(0, 10)
      const { latest_day: latest } = sql.latestDay.get() as { latest_day: string }
      if (wallDay > latest) sql.moveDay.run(wallDay)
      return wallDay > latest ? wallDay : latest
    },
    find: (id) => sql.find.get(id) as unknown as ClaimRow | undefined,
    insert(row) {
      sql.insert.run(
        row.id,
        row.state,
        row.owner,
        row.agent_id,
        row.session_key,
        row.session_period,
        row.scope,
        row.provider,
        row.model,
        row.day,
        row.free,
        row.input_bound,
        row.output_bound,
        row.reserved,
        row.price,
        row.opened_at,
      )
    },
    close: (id, as) => void sql.close.run(as.state, as.cost, as.closed_at, as.usage_rejected, id),
    totals: (pots) => pots.map((pot) => totalOf(sql, pot)),
    sums(pots, place) {
      const reserved = reservedAt(sql, place)
      return pots.map((pot) => ({ ...totalOf(sql, pot), reserved: reserved[pot.limit] }))
    },
    add: (pot, cost, calls) => void sql.add.run(pot.limit, pot.key, pot.period, cost, calls),
    waive(pot) {
      sql.waive.run(pot.limit, pot.key, pot.period)
      sql.unwarn.run(pot.limit, pot.key, pot.period)
      return totalOf(sql, pot).waived
    },
    markWarned: (pot, level) => sql.warn.run(pot.limit, pot.key, pot.period, pot.limitMicroUsd, level).changes > 0,
    open: () => sql.open.all() as unknown as ClaimRow[],
    forget: (closedBefore) => void sql.forget.run(closedBefore),
  }
}

type Statements = ReturnType<typeof statements>

function statements(db: DatabaseSync) {
  const prepare = (text: string): StatementSync => db.prepare(text)
  return {
    begin: prepare('BEGIN IMMEDIATE'),
    commit: prepare('COMMIT'),
    latestDay: prepare('SELECT latest_day FROM budget_calendar'),
    moveDay: prepare('UPDATE budget_calendar SET latest_day = ?'),
    find: prepare('SELECT * FROM budget_claims WHERE id = ?'),
    insert:
      prepare(`INSERT INTO budget_claims (id, state, owner, agent_id, session_key, session_period, scope, provider,
      model, day, free, input_bound, output_bound, reserved, price, opened_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    close: prepare('UPDATE budget_claims SET state = ?, cost = ?, closed_at = ?, usage_rejected = ? WHERE id = ?'),
    reserved: prepare(`SELECT
      coalesce(sum(reserved) FILTER (WHERE day = :day), 0) AS day,
      coalesce(sum(reserved) FILTER (WHERE substr(day, 1, 7) = substr(:day, 1, 7)), 0) AS month,
      coalesce(sum(reserved) FILTER (WHERE day = :day AND agent_id = :agent), 0) AS agent,
      coalesce(sum(reserved) FILTER (WHERE session_key = :session AND session_period = :period), 0) AS session,
      coalesce(sum(reserved) FILTER (WHERE day = :day AND scope = :scope), 0) AS scope
      FROM budget_claims WHERE state = 'open'`),
    total: prepare('SELECT spent, waived FROM budget_totals WHERE pot = ? AND key = ? AND period = ?'),
    add: prepare(`INSERT INTO budget_totals (pot, key, period, spent, calls) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET spent = spent + excluded.spent, calls = calls + excluded.calls`),
    waive: prepare('UPDATE budget_totals SET waived = spent WHERE pot = ? AND key = ? AND period = ?'),
    warn: prepare('INSERT OR IGNORE INTO budget_warned (pot, key, period, limit_value, level) VALUES (?, ?, ?, ?, ?)'),
    unwarn: prepare('DELETE FROM budget_warned WHERE pot = ? AND key = ? AND period = ?'),
    open: prepare("SELECT * FROM budget_claims WHERE state = 'open' ORDER BY opened_at"),
    forget: prepare('DELETE FROM budget_claims WHERE closed_at < ?'),
  }
}

function totalOf(sql: Statements, { limit, key, period }: Pot): PotTotal {
  const total = sql.total.get(limit, key, period) as unknown as PotTotal | undefined
  return { spent: total?.spent ?? 0, waived: total?.waived ?? 0 }
}

function reservedAt(sql: Statements, place: Place): Record<Pot['limit'], number> {
  return sql.reserved.get({
    day: place.day,
    agent: place.agentId,
    session: place.sessionKey,
    period: place.sessionPeriod,
    scope: place.scope,
  }) as unknown as Record<Pot['limit'], number>
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
