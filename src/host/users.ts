import { readFileSync } from 'node:fs'

/** What the system knows of a user id. */
export interface Account {
  uid: number
  name: string
  shell: string
  home: string
  /** Groups beside the first that name it as a member. */
  groups: readonly string[]
}

// What refuses a login, on any system (nologin(8), false(1)).
const noLogin = /(^|\/)(nologin|false)$/

/**
 * The account of a user id, or `null` when it has none: such a user can own files and run programs, and nobody can
 * become it by a login, cron or a password.
 */
export function accountOf(uid: number, etc = '/etc'): Account | null {
  const fields = lines(`${etc}/passwd`).find((line) => Number(line[2]) === uid)
  if (!fields) return null
  const [name, , , , , home = '', shell = ''] = fields as [string, ...string[]]
  const groups = lines(`${etc}/group`).filter((line) => line[3]?.split(',').includes(name)).map(([group]) => group!)
  return { uid, name, shell, home, groups }
}

/** Can somebody log in as it? */
export function mayLogIn(account: Account | null): boolean {
  return account !== null && !noLogin.test(account.shell)
}

function lines(file: string): string[][] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter((line) => line !== '').map((line) => line.split(':'))
  } catch {
    return []
  }
}
