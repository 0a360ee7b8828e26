import { isRecord } from '../base/index.ts'
import { scopesOf } from './agent-scopes.ts'
import { settingsJudge, type BadSetting } from './bad-settings.ts'
import type { ConfigFacts } from './facts/config.ts'
import { deepValue } from './setting-change.ts'

/** Container settings of a sandbox as one place of the file writes them. */
export interface DockerSettings {
  at: readonly string[]
  docker: Readonly<Record<string, unknown>>
}

/** The block for all agents and each agent's own. */
export function dockerSettings(config: Pick<ConfigFacts, 'value'>): DockerSettings[] {
  return scopesOf(config).flatMap(({ sandbox }) => {
    const at = [...sandbox, 'docker']
    const docker = deepValue(config.value, at)
    return isRecord(docker) && Object.keys(docker).length > 0 ? [{ at, docker }] : []
  })
}

/** The part of a check about one key of those blocks: what is wrong with it, in words, or `null`. */
export function dockerJudge(key: string, bad: (value: unknown) => string | null, good: Pick<BadSetting, 'want' | 'to'>): ReturnType<typeof settingsJudge> {
  return settingsJudge((config) =>
    dockerSettings(config).flatMap(({ at, docker }) => {
      const saw = bad(docker[key])
      return saw === null ? [] : [{ at: [...at, key], saw, ...good }]
    }),
  )
}
