import { isRecord } from '../../../base/index.ts'
import { settingsJudge } from '../../bad-settings.ts'
import { listAt, textAt } from '../../config-values.ts'
import { defineCheck } from '../../check.ts'

export default defineCheck({
  id: 'sessions.groups-apart',
  title: 'groups do not share the session of private chats',
  severity: 'medium',
  why: 'every member of the group then shares the context of the owner, and runs where the owner runs: outside a sandbox of mode non-main',
  source: 'OpenClaw docs, channels/groups (groupScope); audit, security.trust_model.group_scope_main',
  covers: ['security.trust_model.group_scope_main'],
  ...settingsJudge((config) => [
    ...(textAt(config, 'session.groupScope') === 'main' ? [{ at: ['session', 'groupScope'], saw: 'main, for every group', want: 'per-group', to: 'per-group' }] : []),
    ...listAt(config, 'bindings').flatMap((binding, i) => {
      const session = isRecord(binding) ? binding['session'] : undefined
      return isRecord(session) && session['groupScope'] === 'main'
        ? [{ at: ['bindings', String(i), 'session', 'groupScope'], saw: 'main', want: 'per-group', to: 'per-group', severity: 'low' as const }]
        : []
    }),
  ]),
  examples: {
    pass: { 'by default': { config: {} }, set: { config: { session: { groupScope: 'per-group' } } } },
    fail: {
      main: { config: { session: { groupScope: 'main' } } },
      'one room': { config: { bindings: [{ agentId: 'main', match: { channel: 'slack' } }, { agentId: 'main', match: { channel: 'slack' }, session: { groupScope: 'main' } }] } },
    },
  },
})
