import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** A user and group id, with or without an account behind it. */
export interface UserId {
  uid: number
  gid: number
  /** Program and arguments that take a process into this user's namespaces while it is still root; none by default. */
  enter?: readonly string[]
  /** What stands behind that and in front of its own program, still root: walls that are inherited; none by default. */
  wall?: readonly string[]
}

/**
 * The user the gateway runs as. Root gives it one of its own, with no account and no other use; anybody else can
 * only give it their own, and then no wall stands between agent and guard.
 *
 * @param stateRoot the same installation always gets the same id
 * @returns `null` when guard and gateway have to share a user
 */
export function gatewayUser(stateRoot: string): UserId | null {
  if (process.platform === 'win32' || process.getuid?.() !== 0) return null
  // 65536–99999 is used by nobody: below it are accounts, services and systemd's dynamic users, above it start
  // subordinate ids (systemd docs, UIDS-GIDS; shadow's SUB_UID_MIN 100000). A user namespace with the usual 65,536
  // ids has none of it; there 60578–60705 is unused by the same table.
  const [first, count] = mappedIds() > 100_000 ? [70_000, 29_000] : [60_578, 127]
  const digest = createHash('sha256').update(stateRoot).digest().readUInt32BE(0)
  const uid = first + (digest % count)
  return { uid, gid: uid }
}

function mappedIds(): number {
  if (!existsSync('/proc/self/uid_map')) return Number.MAX_SAFE_INTEGER
  const lines = readFileSync('/proc/self/uid_map', 'utf8').trim().split('\n')
  return Math.max(...lines.map((line) => Number(line.trim().split(/\s+/)[2])))
}

/** Can a user with no rights but "others" read this path, through every folder above it? */
export function othersCanRead(path: string): boolean {
  if ((statSync(path).mode & 0o004) === 0) return false
  for (let folder = statSync(path).isDirectory() ? path : dirname(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false
    if (folder === dirname(folder)) return true
  }
}
