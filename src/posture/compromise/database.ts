import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { zstdDecompressSync } from 'node:zlib'

/** A value of a database and where it stands. */
export interface Cell {
  /** `transcript_events.event_json row 12`. */
  at: string
  text: string
}

// Tables of secrets hold nothing an attack leaves behind, and nothing anybody should read without need; the tables of a
// full-text index repeat the others.
const passedOver = /secret|auth_profile|oauth|identity_keys|auth_tokens|_fts|^sqlite_/i
// A state that is copied must fit beside the original; what is larger is opened in place and told so.
const maxCopyBytes = 1024 * 1024 * 1024
const maxCellChars = 4 * 1024 * 1024
const zstdMagic = 0xfd2fb528

/**
 * Texts of a SQLite file that a gateway may be writing to. A copy is read, with what stands in its log, so that nothing
 * is made, locked or changed beside the original; the copy is 0700 and gone afterwards.
 * @throws Error when it is no database, or too large to copy
 */
export function* cellsOf(path: string): Generator<Cell> {
  check(path)
  const folder = mkdtempSync(join(tmpdir(), 'hardshell-look-'))
  try {
    const copy = join(folder, basename(path))
    copyFileSync(path, copy)
    // Not its rollback journal: that may name any file as its own, which SQLite then takes away.
    if (existsSync(`${path}-wal`)) {
      check(`${path}-wal`)
      copyFileSync(`${path}-wal`, `${copy}-wal`)
    }
    // Not read-only: it is ours, and a log is merged by whoever opens it.
    const database = new DatabaseSync(copy)
    try {
      yield* cellsIn(database)
    } finally {
      database.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A link to a pipe or to a device without end would keep the copy going until the disk is full. */
function check(path: string): void {
  const status = statSync(path)
  if (!status.isFile()) throw new Error('not a file')
  if (status.size > maxCopyBytes) throw new Error(`larger than ${maxCopyBytes} bytes: stop the gateway and look at it apart`)
}

function* cellsIn(database: DatabaseSync): Generator<Cell> {
  // What SQLite takes it for, not what the schema says: in a file that was made to be read, a view without end calls itself a table.
  const tables = database.prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'").all() as { name: string }[]
  for (const { name } of tables) {
    if (passedOver.test(name)) continue
    // Names come from the database and are quoted as SQL wants it. Columns that are computed are not on this list: a short
    // expression may ask for a gigabyte in each row.
    const columns = (database.prepare('SELECT name FROM pragma_table_info(?)').all(name) as { name: string }[]).map((column) => quoted(column.name))
    if (columns.length === 0) continue
    const rows = database.prepare(`SELECT ${columns.join(', ')} FROM ${quoted(name)}`).iterate() as Iterable<Record<string, unknown>>
    let number = 0
    for (const row of rows) {
      number++
      for (const [column, value] of Object.entries(row)) {
        const text = textOf(value)
        if (text !== null) yield { at: `${name}.${column} row ${number}`, text }
      }
    }
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Texts, and blobs that hold one, compressed by zstd (RFC 8878) or not. Short ones hold no trace. */
function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value.length < 7 ? null : value.slice(0, maxCellChars)
  if (!(value instanceof Uint8Array) || value.length < 7) return null
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.length)
  if (bytes.readUInt32LE(0) === zstdMagic) return unzipped(bytes)
  return /^[\s{["'\w]/.test(String.fromCharCode(bytes[0]!)) && !bytes.subarray(0, 512).includes(0) ? bytes.toString('utf8').slice(0, maxCellChars) : null
}

function unzipped(bytes: Buffer): string | null {
  try {
    return zstdDecompressSync(bytes, { maxOutputLength: maxCellChars }).toString('utf8')
  } catch {
    return null // a dictionary we do not have, or larger than any event
  }
}
