import { createHash } from 'node:crypto'
import { chmod, chown, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { HardshellError, writeFileAtomic } from '../base/index.ts'
import { isCellName } from './request.ts'

/** What one agent has in the sandbox, and nobody else: files that outlive a call, and a user. */
export interface Cell {
  name: string
  /** `null`: the guard's own, in a user namespace. */
  user: { uid: number; gid: number } | null
  /** Folders on this machine, all the agent's own. */
  workspaces: string
  home: string
  tmp: string
  /** `passwd`, `group` and so on, as the sandbox sees them; the agent cannot change them. */
  etc: string
  /** Where the door to the egress proxy appears. */
  door: string
}

/** Where things of a cell appear inside. */
export const inside = { workspaces: '/workspaces', home: '/home/agent', tmp: '/tmp', door: '/run/hardshell/egress.sock', programs: '/run/hardshell/programs' } as const

// A machine of some hundred agents has other problems first; a flood of names shall not fill the disk.
const maxCells = 256

/** Opens the cell of that name, or makes it. Idempotent, but never twice at a time. @throws HardshellError `sandbox.refused` for a bad name or too many */
export async function openCell(root: string, name: string, ownUsers: boolean): Promise<Cell> {
  if (!isCellName(name)) throw new HardshellError('sandbox.refused', `${name.slice(0, 80)} is not the name of a sandbox`)
  const folder = join(root, 'cells', name)
  const cell = { name, workspaces: join(folder, 'workspaces'), home: join(folder, 'home'), tmp: join(folder, 'tmp'), etc: join(folder, 'etc'), door: join(folder, 'door') }
  const user = ownUsers ? await userOf(root, name) : null
  await mkdir(folder, { recursive: true, mode: 0o700 })
  for (const own of [cell.workspaces, cell.home, cell.tmp]) {
    if (existsSync(own)) continue
    await mkdir(own, { mode: 0o700 })
    if (user) await chown(own, user.uid, user.gid)
  }
  for (const ours of [cell.etc, cell.door]) await mkdir(ours, { recursive: true, mode: 0o755 })
  await writeEtc(cell.etc, user ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 })
  return { ...cell, user }
}

/** Names of the cells there are. */
export async function cellNames(root: string): Promise<string[]> {
  return existsSync(join(root, 'cells')) ? (await readdir(join(root, 'cells'))).filter(isCellName) : []
}

// One user for one name, for ever: files of a removed cell must not become another agent's.
async function userOf(root: string, name: string): Promise<{ uid: number; gid: number }> {
  const file = join(root, 'users.json')
  const users = existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Record<string, number>) : {}
  const known = Object.hasOwn(users, name) ? users[name] : undefined
  const [first, count] = userRange(root)
  const uid = known ?? first + Object.keys(users).length
  if (known === undefined) {
    if (Object.keys(users).length >= count) throw new HardshellError('sandbox.refused', `there are ${count} sandboxes already`, { hint: `remove old ones in ${join(root, 'cells')} and in ${file}` })
    await writeFileAtomic(file, `${JSON.stringify({ ...users, [name]: uid })}\n`)
  }
  return { uid, gid: uid }
}

/**
 * Users nobody else has: 1879048192–2147483647 is unused (systemd docs, UIDS-GIDS), each installation takes a piece by
 * its path. A container with the usual 65,536 ids has none of these; there 60514–60577 is unused by the same table.
 */
export function userRange(root: string): [first: number, count: number] {
  const map = existsSync('/proc/self/uid_map') ? readFileSync('/proc/self/uid_map', 'utf8').trim().split('\n') : []
  const mapped = Math.max(0, ...map.map((line) => Number(line.trim().split(/\s+/)[2])))
  if (mapped < 2_147_483_647) return [60_514, 64]
  const digest = createHash('sha256').update(root).digest().readUInt32BE(0)
  return [1_900_000_000 + (digest % 900_000) * maxCells, maxCells]
}

async function writeEtc(folder: string, { uid, gid }: { uid: number; gid: number }): Promise<void> {
  const files = {
    passwd: `root:x:0:0:root:/nonexistent:/usr/sbin/nologin\nagent:x:${uid}:${gid}:agent:${inside.home}:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n`,
    group: `root:x:0:\nagent:x:${gid}:\nnogroup:x:65534:\n`,
    hosts: '127.0.0.1 localhost sandbox\n::1 localhost\n',
    'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
    'resolv.conf': '# no name resolves in here; the egress proxy resolves by itself\n',
  }
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name)
    if (existsSync(path) && (await readFile(path, 'utf8')) === text) continue
    await writeFile(path, text)
    await chmod(path, 0o644)
  }
}
