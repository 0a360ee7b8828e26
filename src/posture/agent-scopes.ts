import { isRecord } from '../base/index.ts'
import { valueAt } from '../openclaw/index.ts'
import type { ConfigFacts } from './facts/config.ts'
import { deepValue } from './setting-change.ts'

type Config = Pick<ConfigFacts, 'value'>

/** Where settings of agents stand: those every agent starts from, and those of one agent. */
export interface Scope {
  /** `null`: what holds for every agent that says nothing of its own. */
  agent: string | null
  /** Keys to its `tools`. */
  tools: readonly string[]
  /** Keys to its `sandbox`. */
  sandbox: readonly string[]
  /** Keys to the entry itself, of `agents.defaults` for all. */
  entry: readonly string[]
}

/** A setting that counts for an agent, and the place that decides it: its own entry or the one for all. */
export interface Decided {
  value: unknown
  at: readonly string[]
}

/** Agents in the order of the file. `entries` is today's roster, `list` the one before it; OpenClaw reads both. */
export function agentsOf(config: Config): Scope[] {
  const entries = valueAt(config.value, ['agents', 'entries'])
  if (isRecord(entries)) return Object.keys(entries).filter((id) => isRecord(entries[id])).map((id) => scopeAt(['agents', 'entries', id], id))
  const list = valueAt(config.value, ['agents', 'list'])
  if (!Array.isArray(list)) return []
  return list.flatMap((item: unknown, i) => (isRecord(item) && typeof item['id'] === 'string' ? [scopeAt(['agents', 'list', String(i)], item['id'])] : []))
}

/** The scope of all agents, then each agent. */
export function scopesOf(config: Config): Scope[] {
  return [{ agent: null, tools: ['tools'], sandbox: ['agents', 'defaults', 'sandbox'], entry: ['agents', 'defaults'] }, ...agentsOf(config)]
}

/** A setting below `tools`: an agent's own word counts before the one for all. */
export function toolSetting(config: Config, scope: Scope, path: string): Decided {
  return decided(config, [scope.tools, ['tools']], path)
}

/** A setting below `sandbox`, in the same way. */
export function sandboxSetting(config: Config, scope: Scope, path: string): Decided {
  return decided(config, [scope.sandbox, ['agents', 'defaults', 'sandbox']], path)
}

/** `agents.defaults` or the agent's name, for evidence. */
export function scopeName(scope: Scope): string {
  return scope.agent === null ? 'all agents' : `agent ${scope.agent}`
}

function scopeAt(entry: readonly string[], agent: string): Scope {
  return { agent, tools: [...entry, 'tools'], sandbox: [...entry, 'sandbox'], entry }
}

function decided(config: Config, [own, all]: [readonly string[], readonly string[]], path: string): Decided {
  const keys = path.split('.')
  const mine = deepValue(config.value, [...own, ...keys])
  if (mine !== undefined) return { value: mine, at: [...own, ...keys] }
  return { value: deepValue(config.value, [...all, ...keys]), at: [...all, ...keys] }
}
