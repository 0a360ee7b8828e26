import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inTransaction } from './index.ts'

let db: DatabaseSync
beforeEach(() => {
  db = new DatabaseSync(':memory:')
  db.exec('CREATE TABLE numbers (n INTEGER UNIQUE)')
})
afterEach(() => db.close())

const numbers = (): unknown[] => db.prepare('SELECT n FROM numbers').all().map(({ n }) => n)

describe('a transaction', () => {
  it('is kept whole, and gives what was made in it', () => {
    expect(inTransaction(db, () => (db.exec('INSERT INTO numbers VALUES (1), (2)'), 'made'))).toBe('made')
    expect(numbers()).toEqual([1, 2])
  })

  it('leaves nothing of what failed in the middle, and the next one works', () => {
    const fail = (): never => {
      db.exec('INSERT INTO numbers VALUES (1)')
      throw new Error('in the middle')
    }
    expect(() => inTransaction(db, fail)).toThrow('in the middle')
    inTransaction(db, () => db.exec('INSERT INTO numbers VALUES (3)'))
    expect(numbers()).toEqual([3])
  })

  it('says why it failed also where SQLite has taken it back by itself, as on a full disk', () => {
    db.exec('INSERT INTO numbers VALUES (1)')
    expect(() => inTransaction(db, () => db.exec('INSERT OR ROLLBACK INTO numbers VALUES (1)'))).toThrow(/UNIQUE/)
    expect(numbers()).toEqual([1])
  })
})
