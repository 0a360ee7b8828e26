import { isRecord } from '../base/index.ts'
import { entriesAt, flagAt, valueOf } from './config-values.ts'
import type { ConfigFacts } from './facts/config.ts'

/** Who may leave the sandbox, by channel. */
export interface ElevatedList {
  channel: string
  at: readonly string[]
  list: readonly unknown[]
}

/**
 * The lists for all agents, none where elevated mode is switched off. A list of one agent can only narrow them, as a
 * sender has to be in both (docs, tools/elevated). Before there were lists by channel in every version one word stood
 * for a list.
 */
export function elevatedLists(config: Pick<ConfigFacts, 'value'>): ElevatedList[] {
  if (flagAt(config, 'tools.elevated.enabled') === false || !isRecord(valueOf(config, 'tools.elevated.allowFrom'))) return []
  return entriesAt(config, 'tools.elevated.allowFrom').flatMap(([channel, list]) =>
    Array.isArray(list) ? [{ channel, at: ['tools', 'elevated', 'allowFrom', channel], list }] : [],
  )
}
