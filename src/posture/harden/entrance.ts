import { BlockList, isIP } from 'node:net'
import { posix } from 'node:path'
import { loginRefused, parseAuthorizedKeys, parseGroup, parsePasswd, readSshdFiles, sshdLines, sshdValue, type Machine, type PasswdLine, type Session, type SshdLine } from '../../host/index.ts'

/** Who comes in over SSH, and by what. */
export interface Entrance {
  lines: readonly SshdLine[]
  /** Accounts with a shell. */
  people: readonly PasswdLine[]
  groupsOf(user: string): readonly string[]
  /** Who has a key installed that opens a shell. */
  keyHolders: ReadonlySet<string>
}

/** Read from files only, so that a machine that does not exist yet answers too. `null`: there is no sshd. */
export async function readEntrance(machine: Machine): Promise<Entrance | null> {
  const files = await readSshdFiles(machine)
  if (files === null) return null
  const lines = sshdLines(files)
  const [passwd, group] = await Promise.all([machine.text('/etc/passwd'), machine.text('/etc/group')])
  const groups = parseGroup(group ?? '')
  const all = parsePasswd(passwd ?? '')
  const people = all.filter(({ shell }) => !loginRefused(shell))
  return {
    lines,
    people,
    groupsOf: (user) => groups.filter(({ gid, members }) => members.includes(user) || all.some(({ name, gid: own }) => name === user && own === gid)).map(({ name }) => name),
    keyHolders: await holders(machine, people, lines),
  }
}

/** Why sshd would not let this person in, or `null` when it would. */
export function whyShut(entrance: Entrance, user: string, session: Session): string | null {
  const said = (keyword: string): string => sshdValue(entrance.lines, keyword)?.value ?? ''
  const named = (keyword: string): string[] => said(keyword).split(' ').filter((word) => word !== '')
  const peer = session.connection?.peer ?? null
  if (named('DenyUsers').some((pattern) => matches(pattern, user, peer))) return 'DenyUsers names them'
  if (named('AllowUsers').length > 0 && !named('AllowUsers').some((pattern) => matches(pattern, user, peer))) return 'AllowUsers does not name them'
  const groups = entrance.groupsOf(user)
  if (named('DenyGroups').some((pattern) => groups.some((group) => matches(pattern, group, null)))) return 'DenyGroups names a group of theirs'
  if (named('AllowGroups').length > 0 && !named('AllowGroups').some((pattern) => groups.some((group) => matches(pattern, group, null)))) return 'AllowGroups names no group of theirs'
  return whyNoProof(entrance, user, said)
}

function whyNoProof({ keyHolders, people }: Entrance, user: string, said: (keyword: string) => string): string | null {
  const isRoot = people.some(({ name, uid }) => name === user && uid === 0)
  const root = isRoot ? said('PermitRootLogin') : 'yes'
  if (root === 'no' || root === 'forced-commands-only') return 'PermitRootLogin is off'
  const byKey = keyHolders.has(user) && said('PubkeyAuthentication') !== 'no'
  const byPassword = root === 'yes' && (said('PasswordAuthentication') === 'yes' || said('KbdInteractiveAuthentication') === 'yes')
  // Several proofs in a row: a key is part of every list anybody writes.
  const methods = said('AuthenticationMethods')
  const needsKey = methods !== '' && methods !== 'any' && methods.split(' ').every((list) => list.includes('publickey'))
  if (byKey) return null
  return byPassword && !needsKey ? null : 'passwords are off and no key of theirs is installed'
}

async function holders(machine: Machine, people: readonly PasswdLine[], lines: readonly SshdLine[]): Promise<Set<string>> {
  const patterns = (sshdValue(lines, 'AuthorizedKeysFile')?.value ?? '').split(' ').filter((pattern) => pattern !== '' && pattern !== 'none')
  const isStrict = sshdValue(lines, 'StrictModes')?.value !== 'no'
  const has = new Set<string>()
  for (const user of people) {
    for (const pattern of patterns) {
      const named = pattern.replaceAll('%h', user.home).replaceAll('%u', user.name).replaceAll('%U', String(user.uid)).replaceAll('%%', '%')
      const path = named.startsWith('/') ? named : `${user.home}/${named}`
      const text = await machine.text(path)
      if (isStrict && (await othersWrite(machine, path, user.home))) continue
      if (parseAuthorizedKeys(text ?? '').some(({ opensShell }) => opensShell)) has.add(user.name)
    }
  }
  return has
}

/** sshd takes no key from a file that others can write, or from below a folder they can, up to the home (sshd_config(5), StrictModes). */
async function othersWrite(machine: Machine, path: string, home: string): Promise<boolean> {
  for (let at = path; at !== '/' && at !== '.'; at = posix.dirname(at)) {
    const status = await machine.status(at)
    if (status !== null && (status.mode & 0o022) !== 0) return true
    if (at === home) return false
  }
  return false
}

/** Patterns of sshd: `*` and `?`, and `user@host` where the host is a pattern or a range (sshd_config(5), PATTERNS). */
function matches(pattern: string, name: string, peer: string | null): boolean {
  const at = pattern.lastIndexOf('@')
  const [user, host] = at === -1 ? [pattern, null] : [pattern.slice(0, at), pattern.slice(at + 1)]
  return glob(user, name) && (host === null || (peer !== null && fromHost(host, peer)))
}

function fromHost(pattern: string, peer: string): boolean {
  const [network, bits] = pattern.split('/')
  if (bits === undefined) return glob(pattern, peer)
  const family = isIP(network!) === 6 ? 'ipv6' : 'ipv4'
  if (isIP(network!) === 0 || isIP(peer) !== isIP(network!)) return false
  const list = new BlockList()
  list.addSubnet(network!, Number(bits), family)
  return list.check(peer, family)
}

function glob(pattern: string, text: string): boolean {
  const source = pattern.replaceAll(/[.*+?^${}()|[\]\\]/g, (char) => (char === '*' ? '.*' : char === '?' ? '.' : `\\${char}`))
  return new RegExp(`^${source}$`).test(text)
}
