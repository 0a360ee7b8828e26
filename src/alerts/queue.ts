import type { DatabaseSync } from 'node:sqlite'
import { isRecord } from '../base/index.ts'
import { inTransaction } from '../store/index.ts'
import type { Held } from './gate.ts'
import { severities, type Message } from './message.ts'

/** A message and where it goes. */
export interface Parcel {
  destination: string
  message: Message
}

/** A parcel that waits. */
export interface Waiting {
  id: number
  message: Message
  /** Milliseconds since 1970. */
  since: number
}

/** How a destination is. Times are milliseconds since 1970; `null`: never, or not now. */
export interface DestinationState {
  delivered: number
  deliveredAt: number | null
  /** Messages that were given up. */
  lost: number
  failingSince: number | null
  problem: string | null
  waiting: number
}

/** What is still to be done, on the disk: a killed guard goes on where it was. */
export interface AlertQueue {
  /** The next entry of the log to be looked at; `null`: none was yet. */
  position(log: string): number | null
  held(): Held[]
  /**
   * Takes over parcels, what was kept back and how far the log was read: all of it or nothing.
   * @returns parcels that were thrown away because too many wait
   */
  take(all: { parcels: readonly Parcel[]; held: ReadonlyMap<string, Held | null>; position: { log: string; nextSeq: number } | null }, now: number): Parcel[]
  /** The worst of what waits, the oldest first. @param except ids that are passed over */
  next(destination: string, except?: readonly number[]): Waiting | null
  delivered(destination: string, id: number, now: number): void
  /** Gives one up. */
  lose(destination: string, id: number): void
  failing(destination: string, problem: string, now: number): void
  state(destination: string): DestinationState
  /** Forgets everything about destinations that are no longer configured, and the position if there is none at all. */
  keepOnly(destinations: readonly string[]): void
}

// A day of the limits of the gate would be some ten thousand; nobody reads more than this after an outage.
const maxWaiting = 500

/** @param db with `migrations` applied */
export function createQueue(db: DatabaseSync): AlertQueue {
  const sql = statements(db)
  const destination = (name: string): void => void sql.know.run(name)
  const giveUp = (name: string, id: number): void => inTransaction(db, () => {
    destination(name)
    sql.remove.run(id)
    sql.lose.run(name)
  })
  return {
    position: (log) => (sql.position.get(log) as { next_seq: number } | undefined)?.next_seq ?? null,
    held: () => (sql.held.all() as { body: string }[]).map(({ body }) => parsed(body)).filter(isHeld),
    take({ parcels, held, position }, now) {
      return inTransaction(db, () => {
        for (const [key, one] of held) {
          if (one === null) sql.forget.run(key)
          else sql.hold.run(key, JSON.stringify(one))
        }
        for (const { destination: name, message } of parcels) sql.add.run(name, severities.indexOf(message.severity), JSON.stringify(message), now)
        if (position) sql.move.run(position.log, position.nextSeq)
        return [...new Set(parcels.map((parcel) => parcel.destination))].flatMap((name) => thrownAway(name, sql))
      })
    },
    next(name, except = []) {
      for (;;) {
        const row = sql.next.get(name, JSON.stringify(except)) as { id: number; body: string; since: number } | undefined
        if (!row) return null
        const message = parsed(row.body)
        if (isMessage(message)) return { id: row.id, message, since: row.since }
        giveUp(name, row.id) // damaged: it would hold up all the others
      }
    },
    delivered: (name, id, now) => inTransaction(db, () => {
      destination(name)
      sql.remove.run(id)
      sql.delivered.run(now, name)
    }),
    lose: giveUp,
    failing: (name, problem, now) => inTransaction(db, () => {
      destination(name)
      sql.failing.run(problem, now, name)
    }),
    state: (name) => stateOf(name, sql),
    keepOnly(names) {
      const list = JSON.stringify(names)
      inTransaction(db, () => {
        db.prepare('DELETE FROM alerts_waiting WHERE destination NOT IN (SELECT value FROM json_each(?))').run(list)
        db.prepare('DELETE FROM alerts_destinations WHERE name NOT IN (SELECT value FROM json_each(?))').run(list)
        if (names.length === 0) db.exec('DELETE FROM alerts_position; DELETE FROM alerts_held')
      })
    },
  }
}

type Statements = ReturnType<typeof statements>

function statements(db: DatabaseSync) {
  return {
    position: db.prepare('SELECT next_seq FROM alerts_position WHERE log = ?'),
    move: db.prepare('INSERT INTO alerts_position VALUES (?, ?) ON CONFLICT (log) DO UPDATE SET next_seq = excluded.next_seq'),
    held: db.prepare('SELECT body FROM alerts_held'),
    hold: db.prepare('INSERT INTO alerts_held VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET body = excluded.body'),
    forget: db.prepare('DELETE FROM alerts_held WHERE key = ?'),
    add: db.prepare('INSERT INTO alerts_waiting (destination, weight, body, since) VALUES (?, ?, ?, ?)'),
    next: db.prepare('SELECT id, body, since FROM alerts_waiting WHERE destination = ? AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY weight DESC, id LIMIT 1'),
    last: db.prepare(`
      SELECT id, body FROM alerts_waiting WHERE destination = ?
      ORDER BY weight, count(*) OVER (PARTITION BY weight, CASE WHEN json_valid(body) THEN json_extract(body, '$.rule') END) DESC, id DESC LIMIT 1`),
    count: db.prepare('SELECT count(*) AS n FROM alerts_waiting WHERE destination = ?'),
    remove: db.prepare('DELETE FROM alerts_waiting WHERE id = ?'),
    know: db.prepare('INSERT OR IGNORE INTO alerts_destinations (name) VALUES (?)'),
    delivered: db.prepare('UPDATE alerts_destinations SET delivered = delivered + 1, delivered_at = ?, failing_since = NULL, problem = NULL WHERE name = ?'),
    lose: db.prepare('UPDATE alerts_destinations SET lost = lost + 1 WHERE name = ?'),
    failing: db.prepare('UPDATE alerts_destinations SET problem = ?, failing_since = coalesce(failing_since, ?) WHERE name = ?'),
    state: db.prepare('SELECT delivered, delivered_at, lost, failing_since, problem FROM alerts_destinations WHERE name = ?'),
  }
}

/**
 * Of too many, the newest of the least important go, of the rule that most of them are of: whoever causes one kind of
 * alert without end drives out no other.
 */
function thrownAway(name: string, sql: Statements): Parcel[] {
  const gone: Parcel[] = []
  for (let count = (sql.count.get(name) as { n: number }).n; count > maxWaiting; count--) {
    const { id, body } = sql.last.get(name) as { id: number; body: string }
    sql.remove.run(id)
    sql.know.run(name)
    sql.lose.run(name)
    const message = parsed(body)
    if (isMessage(message)) gone.push({ destination: name, message })
  }
  return gone
}

function stateOf(name: string, sql: Statements): DestinationState {
  const row = sql.state.get(name) as { delivered: number; delivered_at: number | null; lost: number; failing_since: number | null; problem: string | null } | undefined
  const { n: waiting } = sql.count.get(name) as { n: number }
  return { delivered: row?.delivered ?? 0, deliveredAt: row?.delivered_at ?? null, lost: row?.lost ?? 0, failingSince: row?.failing_since ?? null, problem: row?.problem ?? null, waiting }
}

/** A row as it was written; `null` when it was damaged since: one bad row is no reason not to start, or to send nothing. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

function isHeld(value: unknown): value is Held {
  return isRecord(value) && areStrings(value, ['key', 'severity', 'rule', 'group', 'text']) && typeof value['until'] === 'number' && isRecord(value['counts'])
}

function isMessage(value: unknown): value is Message {
  return isRecord(value) && areStrings(value, ['id', 'severity', 'rule', 'text', 'at', 'host', 'group']) && Array.isArray(value['facts'])
}

function areStrings(value: Record<string, unknown>, names: readonly string[]): boolean {
  return names.every((name) => typeof value[name] === 'string')
}
