import { createHash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { HardshellError, messageOf } from '../base/index.ts'

/** One step of a room's schema. Never edited once released: a later step corrects it. */
export interface Migration {
  /** `room/001-what-it-does`, unique among all rooms. */
  id: string
  /** Statements, without transaction control. */
  sql: string
}

interface Applied {
  id: string
  sha256: string
}

/**
 * Applies what is missing, in the order of the list, in one transaction: a crash or an error leaves the old schema.
 * Two processes may start at once: the history is read inside the write lock, so the second finds nothing to do.
 */
export function migrate(db: DatabaseSync, migrations: readonly Migration[], path: string): void {
  const wanted = withDigests(migrations)
  begin(db, path)
  try {
    db.exec('CREATE TABLE IF NOT EXISTS store_migrations (id TEXT PRIMARY KEY, sha256 TEXT NOT NULL) STRICT')
    const applied = db.prepare('SELECT id, sha256 FROM store_migrations').all() as unknown as Applied[]
    compareHistory(applied, wanted, path)
    applyMissing(db, applied, wanted, path)
    db.exec('COMMIT')
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

function begin(db: DatabaseSync, path: string): void {
  try {
    db.exec('BEGIN IMMEDIATE')
  } catch (error) {
    throw new HardshellError('store.cannot-open', `cannot lock the state database ${path}: ${messageOf(error)}`, {
      hint: 'another process holds it; end that process and try again',
      cause: error,
    })
  }
}

function withDigests(migrations: readonly Migration[]): Map<string, { sql: string; sha256: string }> {
  const wanted = new Map<string, { sql: string; sha256: string }>()
  for (const { id, sql } of migrations) {
    if (wanted.has(id)) throw new HardshellError('store.migration-failed', `two migrations are called ${id}`)
    wanted.set(id, { sql, sha256: createHash('sha256').update(sql).digest('hex') })
  }
  return wanted
}

function compareHistory(applied: Applied[], wanted: Map<string, { sha256: string }>, path: string): void {
  for (const { id, sha256 } of applied) {
    const known = wanted.get(id)
    if (!known) {
      throw new HardshellError(
        'store.newer-schema',
        `${path} has the migration ${id}, which this version does not know`,
        {
          hint: 'start the newer version of hardshell, or restore the state database from a backup of this version',
        },
      )
    }
    if (known.sha256 !== sha256) {
      throw new HardshellError(
        'store.history-changed',
        `migration ${id} in ${path} differs from the one in this version`,
        {
          hint: 'restore the migration as released and add a new one instead',
        },
      )
    }
  }
}

function applyMissing(
  db: DatabaseSync,
  applied: Applied[],
  wanted: Map<string, { sql: string; sha256: string }>,
  path: string,
): void {
  const done = new Set(applied.map(({ id }) => id))
  const record = db.prepare('INSERT INTO store_migrations (id, sha256) VALUES (?, ?)')
  for (const [id, { sql, sha256 }] of wanted) {
    if (done.has(id)) continue
    try {
      db.exec(sql)
    } catch (error) {
      throw new HardshellError('store.migration-failed', `migration ${id} failed on ${path}: ${messageOf(error)}`, {
        cause: error,
      })
    }
    record.run(id, sha256)
  }
}
