import { settingsJudge, type BadSetting } from './bad-settings.ts'
import type { Fix } from './check.ts'
import { textAt } from './config-values.ts'
import type { ConfigFacts } from './facts/config.ts'
import type { Facts } from './facts.ts'

type Needed = Pick<Facts, 'config' | 'sandboxRuntime'>

/**
 * `settingsJudge` for checks that switch a sandbox on. Without Docker or Podman OpenClaw answers every turn of a
 * sandboxed agent with an error (seen with 2026.9.6), so there nothing is changed, and a person decides.
 */
export function sandboxJudge(find: (config: Pick<ConfigFacts, 'value'>) => readonly BadSetting[]): {
  needs: readonly ['config', 'sandboxRuntime']
  judge: (facts: Needed) => ReturnType<ReturnType<typeof settingsJudge>['judge']>
  fix: Fix<'config' | 'sandboxRuntime'>
} {
  const { judge, fix } = settingsJudge(find)
  return {
    needs: ['config', 'sandboxRuntime'],
    judge: ({ config }) => judge({ config }),
    fix: { ...fix, plan: ({ config, sandboxRuntime }) => (sandboxRuntime.program === null && isContainer(config) ? [] : fix.plan({ config })) },
  }
}

function isContainer(config: ConfigFacts): boolean {
  return ['docker', 'podman'].includes(textAt(config, 'agents.defaults.sandbox.backend') ?? 'docker')
}
