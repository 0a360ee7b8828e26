import { defineCheck } from '../../check.ts'
import { mainAgent } from '../../agent-models.ts'
import { flagAt } from '../../config-values.ts'
import type { ConfigFacts } from '../../facts/config.ts'
import { severityWhenReachable } from '../../gateway-exposure.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'hooks.agents-listed',
  title: 'hook callers reach only the agents that are meant',
  severity: 'medium',
  why: 'whoever has the hook token talks to every agent, also to the one with a shell',
  source: 'OpenClaw docs, gateway/config-hooks; audit-checks',
  covers: ['hooks.allowed_agent_ids_unrestricted'],
  ...settingRule({
    at: 'hooks.allowedAgentIds',
    isWrong: (value, config) => flagAt(config, 'hooks.enabled') === true && (!Array.isArray(value) || value.some((id) => String(id).trim() === '*')),
    to: (config: ConfigFacts) => [mainAgent(config)],
    saw: 'any agent',
    want: 'the ids of the agents hooks are for; an empty list for none',
    severity: severityWhenReachable('high', 'medium'),
  }),
  examples: {
    pass: {
      off: { config: { hooks: {} } },
      listed: { config: { hooks: { enabled: true, allowedAgentIds: ['mail'] } } },
      none: { config: { hooks: { enabled: true, allowedAgentIds: [] } } },
    },
    fail: {
      unset: { config: { hooks: { enabled: true, path: '/hooks' } } },
      wildcard: { config: { hooks: { enabled: true, allowedAgentIds: ['*'] } } },
      reachable: { config: { gateway: { bind: 'lan' }, hooks: { enabled: true } } },
    },
  },
})
