import { closeSync, constants, fchmodSync, fstatSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { HardshellError, messageOf } from '../base/index.ts'
import { migrate, type Migration } from './migrate.ts'

/** An open state database. One connection, used synchronously: no transaction may stay open across an `await`. */
export interface Store {
  db: DatabaseSync
  /** Folds the write-ahead log back into the file and lets go of it. Closing twice is harmless. */
  close(): void
}

// How long a statement waits for another process's write. node:sqlite waits synchronously, so every request of the
// guard waits too; our transactions take well under a millisecond, and two seconds of silence is still not a hang.
const busyTimeoutMs = 2_000

/**
 * Opens the state database, creates it if need be (mode 0600) and brings its schema up to date.
 *
 * Write-ahead log with `synchronous=NORMAL`: a killed process loses nothing; a power cut may lose the last
 * transactions but never the file. Source: sqlite.org/pragma.html#pragma_synchronous.
 *
 * @param options.migrations those of all rooms; a database with one that is not in the list is taken for newer
 * @throws HardshellError `store.cannot-open`, `store.newer-schema`, `store.history-changed`, `store.migration-failed`
 */
export function openStore({ path, migrations }: { path: string; migrations: readonly Migration[] }): Store {
  const db = connect(path)
  try {
    migrate(db, migrations, path)
  } catch (error) {
    db.close()
    throw error
  }
  return {
    db,
    close() {
      if (db.isOpen) db.close()
    },
  }
}

function connect(path: string): DatabaseSync {
  let db: DatabaseSync | undefined
  try {
    keepPrivate(path)
    db = new DatabaseSync(path, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true })
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    return db
  } catch (error) {
    if (db?.isOpen) db.close()
    throw new HardshellError('store.cannot-open', `cannot open the state database ${path}: ${messageOf(error)}`, {
      hint: 'check that the path is a SQLite file of ours and that this user may write it and its folder',
      cause: error,
    })
  }
}

/**
 * SQLite would create the file with the umask's mode, readable for a moment; so it is made first. The log files
 * beside it inherit the mode. A link under the name is refused: the folder's other writer could point it anywhere.
 */
function keepPrivate(path: string): void {
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600)
  try {
    const status = fstatSync(file)
    if (!status.isFile()) throw new Error('not a regular file')
    if ((status.mode & 0o077) !== 0) fchmodSync(file, 0o600)
  } finally {
    closeSync(file)
  }
}
