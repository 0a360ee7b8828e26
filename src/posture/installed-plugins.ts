import { isRecord } from '../base/index.ts'
import type { CommandChange } from './change.ts'
import { entriesAt, flagAt, wordsAt } from './config-values.ts'
import type { ConfigFacts } from './facts/config.ts'
import type { InstalledPlugin, InstallRecord, PluginsInstalledFacts } from './facts/plugins-installed.ts'

/** Plugins of the state folder that OpenClaw would load. */
export function loadedPlugins(config: Pick<ConfigFacts, 'value'>, { plugins }: PluginsInstalledFacts): InstalledPlugin[] {
  if (flagAt(config, 'plugins.enabled') === false) return []
  const [allow, deny] = [wordsAt(config, 'plugins.allow').map(lower), wordsAt(config, 'plugins.deny').map(lower)]
  const off = entriesAt(config, 'plugins.entries').filter(([, entry]) => isRecord(entry) && entry['enabled'] === false).map(([id]) => lower(id))
  return plugins.filter(({ id }) => (allow.length === 0 || allow.includes(lower(id))) && !deny.includes(lower(id)) && !off.includes(lower(id)))
}

/** OpenClaw's own id for a fault of a record. */
export function recordId({ kind }: InstallRecord, fault: string): string {
  return `${kind === 'plugin' ? 'plugins' : 'hooks'}.installs_${fault}`
}

/** Fetches it anew, so that what lies there, and what is noted about it, is the same again. */
export function updated({ kind, id }: InstallRecord): CommandChange {
  return { kind: 'command', do: ['openclaw', kind === 'plugin' ? 'plugins' : 'hooks', 'update', id], undo: null, means: `fetch ${id} again and note its digest` }
}

function lower(word: string): string {
  return word.trim().toLowerCase()
}
