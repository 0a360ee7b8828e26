import { agentsOf } from '../../agent-scopes.ts'
import { settingsJudge } from '../../bad-settings.ts'
import { textAt } from '../../config-values.ts'
import { defineCheck } from '../../check.ts'
import { deepValue } from '../../setting-change.ts'

export default defineCheck({
  id: 'tools.minimal-not-overridden',
  title: 'no agent widens the minimal profile that holds for all',
  severity: 'medium',
  why: 'who wrote minimal for all believes it; an agent with a profile of its own has more, and is the one that gets attacked',
  source: 'OpenClaw docs, gateway/security/audit-checks (tools.profile_minimal_overridden)',
  covers: ['tools.profile_minimal_overridden'],
  ...settingsJudge((config) =>
    (textAt(config, 'tools.profile') === 'minimal' ? agentsOf(config) : []).flatMap((scope) => {
      const at = [...scope.tools, 'profile']
      const profile = deepValue(config.value, at)
      return typeof profile === 'string' && profile !== 'minimal' ? [{ at, saw: profile, want: 'minimal, or nothing', to: 'minimal' }] : []
    }),
  ),
  examples: {
    pass: {
      'minimal for all': { config: { tools: { profile: 'minimal' }, agents: { entries: { main: {} } } } },
      'another profile for all': { config: { tools: { profile: 'coding' }, agents: { entries: { main: { tools: { profile: 'full' } } } } } },
    },
    fail: {
      entry: { config: { tools: { profile: 'minimal' }, agents: { entries: { main: { tools: { profile: 'coding' } } } } } },
      'entry of the list of before': { config: { tools: { profile: 'minimal' }, agents: { list: [{ id: 'main', tools: { profile: 'full' } }] } } },
    },
  },
})
