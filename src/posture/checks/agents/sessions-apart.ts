import { agentsOf, type Scope } from '../../agent-scopes.ts'
import { settingsJudge } from '../../bad-settings.ts'
import { manyPeople } from '../../channel-policies.ts'
import { flagAt, listAt, textAt } from '../../config-values.ts'
import { defineCheck } from '../../check.ts'
import type { ConfigFacts } from '../../facts/config.ts'
import { sandboxMode } from '../../sandbox-mode.ts'
import { deepValue } from '../../setting-change.ts'
import { reaches } from '../../tool-reach.ts'

const sessionTools = ['sessions_list', 'sessions_history', 'sessions_search', 'sessions_send', 'session_status']

export default defineCheck({
  id: 'agents.sessions-apart',
  title: 'an agent sees its own sessions, not those of other agents',
  severity: 'low',
  why: 'by default every agent may read and write the conversations of every other: one that is taken over has them all',
  source: 'OpenClaw docs, gateway/security/hardened-baseline (tools.sessions.visibility); audit, security.trust_model.cross_agent_session_access_default',
  covers: ['security.trust_model.cross_agent_session_access_default'],
  ...settingsJudge((config) => {
    const agents = agentsOf(config)
    const visibility = textAt(config, 'tools.sessions.visibility')?.trim().toLowerCase() ?? 'all'
    const narrow = ['self', 'tree', 'agent'].includes(visibility) || flagAt(config, 'tools.agentToAgent.enabled') === false || listAt(config, 'tools.agentToAgent.allow').length > 0
    const able = agents.filter((scope) => canLook(config, scope))
    if (agents.length < 2 || narrow || able.length === 0) return []
    const different = manyPeople(config).length > 0 || agents.some((scope) => isRestricted(config, scope))
    return [
      {
        at: ['tools', 'sessions', 'visibility'],
        saw: `${visibility}, for ${able.map((scope) => scope.agent).join(', ')}`,
        want: 'agent',
        to: 'agent',
        // Agents that differ in what they may do, or whom they talk to, are not of one trust.
        ...(different && { severity: 'medium' as const }),
      },
    ]
  }),
  examples: {
    pass: {
      'one agent': { config: {} },
      'own sessions': { config: { tools: { sessions: { visibility: 'agent' } }, agents: { list: [{ id: 'a' }, { id: 'b' }] } } },
      'named pairs': { config: { tools: { agentToAgent: { allow: ['a'] } }, agents: { list: [{ id: 'a' }, { id: 'b' }] } } },
      'no session tools': { config: { tools: { deny: ['group:sessions'] }, agents: { list: [{ id: 'a' }, { id: 'b' }] } } },
    },
    fail: {
      'by default': { config: { agents: { list: [{ id: 'a' }, { id: 'b' }] } } },
      'one of less trust': { config: { agents: { entries: { main: {}, guests: { tools: { profile: 'messaging' } } } } } },
    },
  },
})

function canLook(config: Pick<ConfigFacts, 'value'>, scope: Scope): boolean {
  const clamped = sandboxMode(config, scope).mode === 'all' && textAt(config, 'agents.defaults.sandbox.sessionToolsVisibility') !== 'all'
  return !clamped && reaches(config, scope, sessionTools).length > 0
}

function isRestricted(config: Pick<ConfigFacts, 'value'>, scope: Scope): boolean {
  return sandboxMode(config, scope).mode !== 'off' || ['profile', 'allow', 'deny'].some((key) => deepValue(config.value, [...scope.tools, key]) !== undefined)
}
