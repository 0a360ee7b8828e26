import type { DatabaseSync } from 'node:sqlite'
import { inTransaction } from '../../store/index.ts'
import type { Account, AccountStore } from './accounts.ts'

/** The table of `sqliteAccounts`. */
export const migrations: readonly { id: string; sql: string }[] = [
  {
    id: 'egress/001-accounts',
    sql: `CREATE TABLE egress_accounts (
      who TEXT NOT NULL,
      agent_id TEXT,
      host TEXT NOT NULL,
      port INTEGER NOT NULL,
      allowed INTEGER NOT NULL,
      refused INTEGER NOT NULL,
      bytes_up INTEGER NOT NULL,
      bytes_down INTEGER NOT NULL,
      first_at INTEGER NOT NULL,
      last_at INTEGER NOT NULL,
      PRIMARY KEY (who, host, port)
    ) STRICT`,
  },
]

/** Accounts in the guard's database. @throws what SQLite throws; the accounts go on without it */
export function sqliteAccounts(db: DatabaseSync): AccountStore {
  const all = db.prepare('SELECT who, agent_id, host, port, allowed, refused, bytes_up, bytes_down, first_at, last_at FROM egress_accounts')
  const put = db.prepare('INSERT OR REPLACE INTO egress_accounts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  return {
    load: () =>
      (all.all() as unknown as Row[]).map(({ agent_id: agentId, bytes_up: bytesUp, bytes_down: bytesDown, first_at: firstAt, last_at: lastAt, ...row }) => ({
        ...row,
        agentId,
        bytesUp,
        bytesDown,
        firstAt,
        lastAt,
      })),
    save(accounts) {
      inTransaction(db, () => {
        for (const { who, agentId, host, port, allowed, refused, bytesUp, bytesDown, firstAt, lastAt } of accounts) {
          put.run(who, agentId, host, port, allowed, refused, bytesUp, bytesDown, Math.trunc(firstAt), Math.trunc(lastAt))
        }
      })
    },
  }
}

interface Row extends Pick<Account, 'who' | 'host' | 'port' | 'allowed' | 'refused'> {
  agent_id: string | null
  bytes_up: number
  bytes_down: number
  first_at: number
  last_at: number
}
