import { cellFolders, neighborsOf } from '../cells/index.ts'
import { processesOf } from '../host/index.ts'
import type { NeighborTargets } from '../proof/index.ts'
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
