import { scopeName, scopesOf, toolSetting, type Scope } from './agent-scopes.ts'
import { settingsJudge, withEntries } from './bad-settings.ts'
import { openAnywhere, type Opening } from './channel-policies.ts'
import type { Severity } from './check.ts'
import type { ConfigFacts } from './facts/config.ts'
import { sandboxMode } from './sandbox-mode.ts'
import { nameOf } from './setting-change.ts'
import { reaches, wordList } from './tool-reach.ts'

type Config = Pick<ConfigFacts, 'value'>

/** What strangers must not reach: tools, and the groups to deny for it. */
export interface Forbidden {
  tools: readonly string[]
  deny: readonly string[]
  /** Ids of OpenClaw's own audit for this scope; how bad it is. `null`: harmless here, such as in a sandbox. */
  judge(config: Config, scope: Scope): { severity: Severity; covers: readonly string[] } | null
}

/**
 * A check about what anybody who writes to an open channel gets an agent to do. The fix takes the tools away and leaves
 * the channel open: whether strangers may write is told, and mended, by another check.
 */
export function openReachJudge(forbidden: Forbidden): ReturnType<typeof settingsJudge> {
  return settingsJudge((config) => {
    const open = openAnywhere(config)
    if (open.length === 0) return []
    return scopesOf(config).flatMap((scope) => {
      const tools = reaches(config, scope, forbidden.tools)
      const bad = tools.length === 0 ? null : forbidden.judge(config, scope)
      if (bad === null) return []
      const at = [...scope.tools, 'deny']
      return [
        {
          at,
          saw: `${tools.join(', ')} for ${scopeName(scope)}, open at ${placesOf(open)}`,
          want: `${forbidden.deny.join(' and ')} denied, or closed channels`,
          to: withEntries(wordList(config, at), forbidden.deny),
          ...bad,
        },
      ]
    })
  })
}

/** Whether file tools of a scope are kept in the workspace or a sandbox. */
export function filesAreKept(config: Config, scope: Scope): boolean {
  return sandboxMode(config, scope).mode === 'all' || toolSetting(config, scope, 'fs.workspaceOnly').value === true
}

function placesOf(open: readonly Opening[]): string {
  return open.slice(0, 3).map(({ at }) => nameOf(at)).join(', ') + (open.length > 3 ? ` and ${open.length - 3} more` : '')
}
