import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from './index.ts'

const first = { id: 'room/001-things', sql: 'CREATE TABLE things (name TEXT PRIMARY KEY) STRICT' }
const second = { id: 'room/002-sizes', sql: 'ALTER TABLE things ADD COLUMN size INTEGER' }

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hardshell-store-'))
  path = join(folder, 'state.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function codeOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    return (error as { code: string }).code
  }
  return 'no error'
}

describe('openStore', () => {
  it('creates a private database in write-ahead mode with foreign keys on', () => {
    const store = openStore({ path, migrations: [first] })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(store.db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
    expect(store.db.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 1 })
    expect(store.db.prepare('PRAGMA foreign_keys').get()).toEqual({ foreign_keys: 1 })
    store.db.exec("INSERT INTO things VALUES ('a')")
    expect(statSync(`${path}-wal`).mode & 0o777).toBe(0o600)
    store.close()
    store.close()
  })

  it('takes away rights that others have on an existing database', () => {
    openStore({ path, migrations: [first] }).close()
    chmodSync(path, 0o644)
    openStore({ path, migrations: [first] }).close()
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('applies each migration once and keeps the data', () => {
    const old = openStore({ path, migrations: [first] })
    old.db.exec("INSERT INTO things VALUES ('kept')")
    old.close()
    const store = openStore({ path, migrations: [first, second] })
    expect(store.db.prepare('SELECT name, size FROM things').all()).toEqual([{ name: 'kept', size: null }])
    store.close()
  })

  it('refuses a database that a newer version has migrated, and says what to do', () => {
    openStore({ path, migrations: [first, second] }).close()
    expect(() => openStore({ path, migrations: [first] })).toThrowError(
      expect.objectContaining({ code: 'store.newer-schema', hint: expect.stringContaining('newer version') }),
    )
  })

  it('refuses a changed history', () => {
    openStore({ path, migrations: [first] }).close()
    const edited = { ...first, sql: `${first.sql} -- harmless?` }
    expect(codeOf(() => openStore({ path, migrations: [edited] }))).toBe('store.history-changed')
  })

  it('leaves the old schema whole when a later migration of the batch fails', () => {
    openStore({ path, migrations: [first] }).close()
    const broken = {
      id: 'room/003-broken',
      sql: 'CREATE TABLE more (x TEXT) STRICT; ALTER TABLE absent ADD COLUMN y TEXT',
    }
    expect(codeOf(() => openStore({ path, migrations: [first, second, broken] }))).toBe('store.migration-failed')
    const db = new DatabaseSync(path)
    expect(db.prepare('SELECT id FROM store_migrations').all()).toEqual([{ id: first.id }])
    expect(db.prepare('SELECT count(*) AS n FROM pragma_table_info(?)').get('things')).toEqual({ n: 1 })
    db.close()
  })

  it('refuses two migrations under one id', () => {
    expect(codeOf(() => openStore({ path, migrations: [first, { ...second, id: first.id }] }))).toBe(
      'store.migration-failed',
    )
  })

  it('refuses a file that is not a database and does not change it', () => {
    writeFileSync(
      path,
      'these are the notes of somebody else, not a database of ours; keep them as they are'.repeat(20),
    )
    const before = readFileSync(path, 'utf8')
    expect(codeOf(() => openStore({ path, migrations: [first] }))).toBe('store.cannot-open')
    expect(readFileSync(path, 'utf8')).toBe(before)
  })

  it('refuses a link under the name and a folder that is not there', () => {
    writeFileSync(join(folder, 'elsewhere'), '')
    symlinkSync(join(folder, 'elsewhere'), path)
    expect(codeOf(() => openStore({ path, migrations: [first] }))).toBe('store.cannot-open')
    expect(codeOf(() => openStore({ path: join(folder, 'no', 'state.db'), migrations: [first] }))).toBe(
      'store.cannot-open',
    )
  })

  it('lets a second connection see what the first committed', () => {
    const one = openStore({ path, migrations: [first] })
    const two = openStore({ path, migrations: [first] })
    one.db.exec("INSERT INTO things VALUES ('shared')")
    expect(two.db.prepare('SELECT name FROM things').all()).toEqual([{ name: 'shared' }])
    one.close()
    two.close()
  })
})
