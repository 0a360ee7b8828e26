import { scopeName, scopesOf } from '../../agent-scopes.ts'
import { settingsJudge, withEntries } from '../../bad-settings.ts'
import { manyPeople } from '../../channel-policies.ts'
import { valueOf } from '../../config-values.ts'
import { defineCheck } from '../../check.ts'
import { reaches } from '../../tool-reach.ts'

export default defineCheck({
  id: 'tools.subagents-denied',
  title: 'agents that several people reach cannot start or steer other sessions',
  severity: 'low',
  why: 'a session started or written to from another one carries an injection into the context of somebody else',
  source: 'OpenClaw docs, gateway/security/hardened-baseline (deny sessions_spawn, sessions_send); hardening guide, explicit denies',
  ...settingsJudge((config) =>
    (manyPeople(config).length > 0 ? scopesOf(config) : []).flatMap((scope) => {
      const tools = reaches(config, scope, ['sessions_spawn', 'sessions_send'])
      if (tools.length === 0) return []
      return [
        {
          at: ['tools', 'deny'],
          saw: `${tools.join(', ')} reachable for ${scopeName(scope)}`,
          want: 'sessions_spawn and sessions_send denied',
          to: withEntries(valueOf(config, 'tools.deny'), ['sessions_spawn', 'sessions_send']),
        },
      ]
    }),
  ),
  examples: {
    pass: {
      'one person': { config: { channels: { telegram: { dmPolicy: 'allowlist', allowFrom: ['1'] } } } },
      denied: { config: { tools: { deny: ['sessions_spawn', 'sessions_send'] }, channels: { telegram: { groupPolicy: 'open' } } } },
    },
    fail: { 'an open group': { config: { tools: { profile: 'messaging' }, channels: { telegram: { groupPolicy: 'open' } } } } },
  },
})
