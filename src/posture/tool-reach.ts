import { toolSetting, type Scope } from './agent-scopes.ts'
import type { ConfigFacts } from './facts/config.ts'
import { sandboxMode } from './sandbox-mode.ts'
import { deepValue } from './setting-change.ts'
import { expandTools, profileTools, toolName } from './tool-catalog.ts'

type Config = Pick<ConfigFacts, 'value'>

interface Policy {
  allow: readonly string[]
  deny: readonly string[]
}

// What OpenClaw lets into and keeps out of a sandbox by itself (2026.9.6, sandbox constants).
const sandboxAllow = expandTools(
  'exec process read ls write edit apply_patch view_image sessions_list sessions_history sessions_search sessions_send sessions_spawn sessions_yield subagents session_status'.split(' '),
)
const sandboxDeny = ['browser', 'canvas', 'computer', 'mobile_ui', 'nodes', 'automations', 'gateway']

/**
 * Which tools of OpenClaw's an agent may call: its profile, the lists for all, its own lists, and where all its
 * sessions are sandboxed those of the sandbox. Each may only take away. An empty allow list allows everything.
 */
export function reaches(config: Config, scope: Scope, tools: readonly string[]): string[] {
  const policies = policiesOf(config, scope)
  return tools.filter((tool) => policies.every((policy) => allows(policy, tool)))
}

/** Whether tools nobody has heard of, such as those of plugins, are reachable too. */
export function reachesAnything(config: Config, scope: Scope): boolean {
  return reaches(config, scope, ['a-tool-of-some-plugin']).length > 0
}

/** Names in a list of the configuration, `null` where there is none. */
export function wordList(config: Config, at: readonly string[]): string[] | null {
  const list = deepValue(config.value, at)
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : null
}

function policiesOf(config: Config, scope: Scope): Policy[] {
  const profile = profileTools(toolSetting(config, scope, 'profile').value)
  const more = wordList(config, [...scope.tools, 'alsoAllow']) ?? wordList(config, ['tools', 'alsoAllow']) ?? []
  const policies = [listed(config, ['tools'])]
  if (profile !== null) policies.push({ allow: expandTools([...profile, ...more]), deny: [] })
  if (scope.agent !== null) policies.push(listed(config, scope.tools))
  if (sandboxMode(config, scope).mode === 'all') policies.push(sandboxed(config, scope))
  return policies
}

// `alsoAllow` without `allow` adds to what is allowed anyway: everything.
function listed(config: Config, at: readonly string[]): Policy {
  const allow = wordList(config, [...at, 'allow'])
  const also = wordList(config, [...at, 'alsoAllow']) ?? []
  const base = allow === null || (allow.length === 0 && also.length > 0) ? (also.length > 0 ? ['*'] : []) : allow
  return { allow: expandTools([...base, ...also]), deny: expandTools(wordList(config, [...at, 'deny']) ?? []) }
}

function sandboxed(config: Config, scope: Scope): Policy {
  const own = (field: string): string[] | null =>
    wordList(config, [...scope.tools, 'sandbox', 'tools', field]) ?? wordList(config, ['tools', 'sandbox', 'tools', field])
  const [allow, also, deny] = [own('allow'), own('alsoAllow') ?? [], own('deny')]
  const again = expandTools([...(allow ?? []), ...also])
  return {
    allow: allow?.length === 0 ? [] : expandTools([...(allow ?? sandboxAllow), ...also, 'view_image']),
    deny: expandTools(deny ?? sandboxDeny.filter((tool) => !again.some((pattern) => matches(pattern, tool)))),
  }
}

function allows({ allow, deny }: Policy, name: string): boolean {
  const tool = toolName(name)
  if (deny.some((pattern) => matches(pattern, tool))) return false
  if (allow.length === 0 || allow.some((pattern) => matches(pattern, tool))) return true
  // Whoever may write may patch: OpenClaw takes one for the other.
  return tool === 'apply_patch' && allow.some((pattern) => matches(pattern, 'write'))
}

/** `*` stands for anything. No expression is built from what a file says. */
function matches(pattern: string, tool: string): boolean {
  const pieces = pattern.split('*')
  if (pieces.length === 1) return pattern === tool
  const [first, last] = [pieces[0]!, pieces.at(-1)!]
  if (!tool.startsWith(first) || !tool.endsWith(last) || tool.length < first.length + last.length) return false
  let at = first.length
  for (const piece of pieces.slice(1, -1)) {
    const found = tool.indexOf(piece, at)
    if (found === -1) return false
    at = found + piece.length
  }
  return at <= tool.length - last.length
}
