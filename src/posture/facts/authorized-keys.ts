import { messageOf } from '../../base/index.ts'
import { loginRefused, parseAuthorizedKeys, sshdValue, type AuthorizedKey, type Machine, type PasswdLine } from '../../host/index.ts'
import { linuxOf, type FactReader } from '../subject.ts'

/** Who may come in with which key. */
export interface AuthorizedKeysFacts {
  files: readonly KeyFile[]
  /** Files that are there and could not be read, and why: nothing is known of those accounts. */
  unreadable: readonly { user: string; why: string }[]
}

export interface KeyFile {
  user: string
  path: string
  mode: number
  uid: number
  text: string
  keys: readonly AuthorizedKey[]
  /** False where sshd ignores it: another's file, or one that others may write (StrictModes). */
  trusted: boolean
}

export const authorizedKeys: FactReader<AuthorizedKeysFacts> = {
  async read(subject, ask) {
    const host = linuxOf(subject)
    const [{ users }, { lines }] = await Promise.all([ask('accounts'), ask('sshd')])
    const patterns = sshdValue(lines, 'AuthorizedKeysFile')!.value.split(' ').filter((pattern) => pattern !== 'none')
    const people = users.filter(({ shell }) => !loginRefused(shell))
    const read = await Promise.all(people.flatMap((user) => patterns.map(async (pattern) => await keyFile(host, user, pattern))))
    return { files: read.flatMap((one) => (one !== null && 'keys' in one ? [one] : [])), unreadable: read.flatMap((one) => (one !== null && 'why' in one ? [one] : [])) }
  },
}

async function keyFile(host: Machine, user: PasswdLine, pattern: string): Promise<KeyFile | { user: string; why: string } | null> {
  const named = pattern.replaceAll('%h', user.home).replaceAll('%u', user.name).replaceAll('%U', String(user.uid)).replaceAll('%%', '%')
  const path = named.startsWith('/') ? named : `${user.home}/${named}`
  try {
    const text = await host.text(path)
    const status = text === null ? null : await host.status(path)
    if (text === null || status === null) return null
    return { user: user.name, path, mode: status.mode, uid: status.uid, text, keys: parseAuthorizedKeys(text), trusted: (status.mode & 0o022) === 0 && [0, user.uid].includes(status.uid) }
  } catch (error) {
    return { user: user.name, why: messageOf(error) }
  }
}
