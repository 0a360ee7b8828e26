import type { AccountsFacts } from './facts/accounts.ts'
import type { RemoteAccessFacts } from './facts/remote-access.ts'
import type { RuntimeFacts } from './facts/runtime.ts'
import type { PasswdLine } from '../host/index.ts'

// An account of its name was made for it, also where nothing says any more that it runs under it.
const ownName = /^_?(openclaw|clawdbot|moltbot)$/i

/** The accounts OpenClaw runs as, root left out: that is a question of its own. */
export function openClawUsers({ users }: AccountsFacts, { uids }: RuntimeFacts): readonly PasswdLine[] {
  return users.filter(({ name, uid }) => uid !== 0 && (uids.includes(uid) || ownName.test(name)))
}

/** Groups that name it, its first one among them. */
export function groupsOf({ groups }: AccountsFacts, { name, gid }: PasswdLine): readonly string[] {
  return groups.filter((group) => group.gid === gid || group.members.includes(name)).map((group) => group.name)
}

/** Does a person work under this account? Taking rights from it would take them from him. */
export function isPersons({ name }: PasswdLine, { users, keyHolders }: RemoteAccessFacts): boolean {
  return users.includes(name) || keyHolders.includes(name)
}
