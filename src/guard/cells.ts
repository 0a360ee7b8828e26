import { cellFolders, neighborsOf } from '../cells/index.ts'
import { processesOf, usersOfPort } from '../host/index.ts'
import type { NeighborTargets } from '../proof/index.ts'
import { userRange } from '../sandbox/index.ts'
import type { UserId } from './gateway-user.ts'
import { statePaths, type StatePaths } from './paths.ts'

// Those of a busy neighbor are all of one user: what holds for twenty holds for the others.
const maxPids = 20

/** The cells beside the one with this state, as they are now; none when it is no cell. */
export function neighborTargets(paths: StatePaths): NeighborTargets[] {
  const here = neighborsOf(paths.root)
  if (!here) return []
  return here.others.map(({ name, ports, uid }) => {
    const folders = cellFolders(here.root, name)
    const theirs = statePaths(folders.state)
    const { guard, database, secrets, secretsKey, auditLog, operatorToken, control, pluginSocket, openclawConfigFile, openclawState, openclawHome, openclawWorkspace } = theirs
    return {
      name,
      paths: [here.root, folders.root, folders.config, guard, database, secrets, secretsKey, auditLog, operatorToken, control, pluginSocket, openclawConfigFile, openclawState, openclawHome, openclawWorkspace],
      ports,
      pids: uid === null ? [] : processesOf(uid).slice(0, maxPids),
    }
  })
}

/**
 * Who is no user of this cell, for its DNS filter, which knows no credentials: a neighbor would have names resolved that
 * its own filter refuses, and use up what this cell may ask. Root and the guard are none, nor are agents in sandboxes.
 *
 * @returns `null` when there are no cells, or no users to tell apart
 */
export function cellStrangers(paths: StatePaths, user: UserId | null): ((asker: { port: number; transport: 'udp' | 'tcp' }) => boolean) | null {
  if (user === null || neighborsOf(paths.root) === null) return null
  const [first, count] = userRange(paths.sandbox)
  const ours = (uid: number): boolean => uid === 0 || uid === user.uid || uid === process.getuid?.() || (uid >= first && uid < first + count)
  return ({ port, transport }) => {
    const users = usersOfPort(transport, port)
    // Nobody any more, or not to be told: who waits for an answer is there.
    return users === null || users.length === 0 || !users.every(ours)
  }
}
