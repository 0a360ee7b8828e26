import { parseGroup, parsePasswd, type GroupLine, type PasswdLine } from '../../host/index.ts'
import { linuxOf, type FactReader } from '../subject.ts'

/** Who exists on the machine; readable by everybody, so it is known without root. */
export interface AccountsFacts {
  users: readonly PasswdLine[]
  groups: readonly GroupLine[]
  /** Homes of people and service accounts that are there, with their mode. */
  homes: readonly { user: string; path: string; mode: number; uid: number }[]
  /** False for a copy without any of them. */
  areHomesHere: boolean
  /** `UMASK` of login.defs, `null` where it does not say. */
  umask: string | null
  hasLoginDefs: boolean
}

export const accounts: FactReader<AccountsFacts> = {
  async read(subject) {
    const host = linuxOf(subject)
    const [passwd, group, logins] = await Promise.all(['/etc/passwd', '/etc/group', '/etc/login.defs'].map(async (path) => await host.text(path)))
    if (passwd == null) throw new Error('/etc/passwd is not there')
    const users = parsePasswd(passwd)
    const homes = await Promise.all(users.filter(({ uid, home }) => (uid >= 1000 && uid < 65_000 && home.startsWith('/home/')) || uid === 0).map(async ({ name, home }) => {
      const status = await host.status(home)
      return status?.kind === 'folder' ? [{ user: name, path: home, mode: status.mode, uid: status.uid }] : []
    }))
    return { users, groups: parseGroup(group ?? ''), homes: homes.flat(), areHomesHere: host.live || homes.flat().length > 0, umask: /^\s*UMASK\s+(\d+)/im.exec(logins ?? '')?.[1] ?? null, hasLoginDefs: logins != null }
  },
}
