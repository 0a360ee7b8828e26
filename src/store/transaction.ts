import type { DatabaseSync } from 'node:sqlite'

/**
 * All of it or nothing. `work` does not wait for anything, so no other statement of this process comes between.
 * @throws what `work` throws; and what SQLite throws when it cannot lock or write
 */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const done = work()
    db.exec('COMMIT')
    return done
  } catch (error) {
    // A full disk has SQLite take it back by itself: a second ROLLBACK would hide why.
    if (db.isOpen && db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}
