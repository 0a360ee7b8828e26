import { posix } from 'node:path'
import type { Subject } from '../subject.ts'

/** A document OpenClaw keeps for itself: in a file of its own before 2026.9, in a row of its database since. */
export interface StateDocument {
  /** Where it was found, for people. */
  at: string
  /** The file it is, `null` when it is a row. */
  file: string | null
  text: string
}

/** Where the two versions have it. `query` gives one row with one column, `text`. Both words of SQL are ours. */
export interface StateDocumentPlace {
  file: string
  table: string
  /** For people. */
  row: string
  query: string
}

/** The document, `null` when there is none. @throws Error when the database that may hold it cannot be read */
export async function stateDocument({ files, stateDir }: Subject, place: StateDocumentPlace): Promise<StateDocument | null> {
  if (stateDir === null) return null
  const file = posix.join(stateDir, place.file)
  const text = await files.text(file)
  if (text !== null) return { at: file, file, text }
  const database = posix.join(stateDir, 'state/openclaw.sqlite')
  if ((await files.status(database)) === null) return null
  const [table] = (await files.rows(database, `select name from sqlite_master where name = '${place.table}'`)) ?? []
  if (table === undefined) return null
  const [row] = (await files.rows(database, place.query)) ?? []
  return typeof row?.['text'] === 'string' ? { at: `${database}#${place.row}`, file: null, text: row['text'] } : null
}
