import { scopeName, scopesOf } from '../../agent-scopes.ts'
import { settingsJudge, withEntries } from '../../bad-settings.ts'
import { manyPeople } from '../../channel-policies.ts'
import { valueOf } from '../../config-values.ts'
import { defineCheck } from '../../check.ts'
import { reaches } from '../../tool-reach.ts'

export default defineCheck({
  id: 'tools.control-plane-denied',
  title: 'agents cannot reach the tools that update, schedule and extend OpenClaw',
  severity: 'low',
  why: 'with them one turn becomes lasting: a scheduled job, another plugin or an update runs long after the message that asked for it',
  source: 'OpenClaw docs, gateway/security/hardened-baseline (tools.deny group:automation); hardening guide, explicit denies',
  ...settingsJudge((config) =>
    scopesOf(config).flatMap((scope) => {
      const tools = reaches(config, scope, ['automations', 'gateway', 'plugins'])
      if (tools.length === 0) return []
      return [
        {
          at: ['tools', 'deny'],
          saw: `${tools.join(', ')} reachable for ${scopeName(scope)}`,
          want: 'group:automation denied',
          to: withEntries(valueOf(config, 'tools.deny'), ['group:automation']),
          ...(manyPeople(config).length > 0 && { severity: 'medium' as const }),
        },
      ]
    }),
  ),
  examples: {
    pass: {
      denied: { config: { tools: { deny: ['group:automation'] } } },
      'by older names': { config: { tools: { deny: ['cron', 'gateway', 'plugins'] } } },
      'not in the allow list': { config: { tools: { allow: ['message'] } } },
    },
    fail: {
      'by default': { config: {} },
      'messaging brings gateway': { config: { tools: { profile: 'messaging', deny: ['exec'] } } },
    },
  },
})
