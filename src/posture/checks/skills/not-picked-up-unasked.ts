import { sandboxSetting, scopesOf, type Scope } from '../../agent-scopes.ts'
import { settingsJudge } from '../../bad-settings.ts'
import { flagAt } from '../../config-values.ts'
import { defineCheck } from '../../check.ts'
import { execPolicy } from '../../exec-policy.ts'
import type { ConfigFacts } from '../../facts/config.ts'
import { sandboxMode } from '../../sandbox-mode.ts'
import { reaches } from '../../tool-reach.ts'

export default defineCheck({
  id: 'skills.not-picked-up-unasked',
  title: 'a skill an agent writes is not taken up by the running gateway',
  severity: 'low',
  why: 'an agent that writes a SKILL.md has a new order in its next prompt; the install policy is not asked',
  source: 'OpenClaw docs, tools/skills-config (skills.load.watch, true by default); seen with 2026.9.6',
  ...settingsJudge((config) => {
    if (flagAt(config, 'skills.load.watch') === false || !scopesOf(config).some((scope) => canWriteSkills(config, scope))) return []
    return [{ at: ['skills', 'load', 'watch'], saw: 'true, where agents write their workspace', want: 'false: taken up at the next start', to: false }]
  }),
  examples: {
    pass: {
      off: { config: { skills: { load: { watch: false } } } },
      'agents that write nothing': { config: { tools: { profile: 'messaging' } } },
      'a workspace that is only read': { config: { agents: { defaults: { sandbox: { mode: 'all', workspaceAccess: 'ro' } } } } },
    },
    fail: { 'by default': { config: {} }, 'a writable sandbox': { config: { agents: { defaults: { sandbox: { mode: 'all', workspaceAccess: 'rw' } } } } } },
  },
})

function canWriteSkills(config: Pick<ConfigFacts, 'value'>, scope: Scope): boolean {
  const shell = execPolicy(config, scope).security === 'deny' ? [] : ['exec', 'process']
  const kept = sandboxMode(config, scope).mode === 'all' && sandboxSetting(config, scope, 'workspaceAccess').value !== 'rw'
  return !kept && reaches(config, scope, ['write', 'edit', 'apply_patch', ...shell]).length > 0
}
