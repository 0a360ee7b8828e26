import { posix } from 'node:path'
import { agentsOf } from '../agent-scopes.ts'
import { textAt } from '../config-values.ts'
import { deepValue } from '../setting-change.ts'
import type { ConfigFacts } from './config.ts'
import { fromHome } from '../home-folder.ts'

/** Where workspaces of agents may lie: those named, and where OpenClaw puts them by itself. Some may not be there. */
export function workspaceFolders(config: ConfigFacts | null, stateDir: string, home: string): string[] {
  const absolute = (path: string): string => posix.resolve(stateDir, fromHome(path.trim(), home))
  const shared = config === null ? undefined : textAt(config, 'agents.defaults.workspace')
  const agents = config === null ? [] : agentsOf(config)
  const ofAgents = agents.flatMap(({ entry, agent }) => {
    const own = deepValue(config!.value, [...entry, 'workspace'])
    if (typeof own === 'string' && own.trim() !== '') return [absolute(own)]
    return shared === undefined ? [posix.join(stateDir, `workspace-${agent}`)] : [posix.join(absolute(shared), agent!)]
  })
  return [...new Set([...(shared === undefined ? [] : [absolute(shared)]), posix.join(stateDir, 'workspace'), ...ofAgents])]
}
