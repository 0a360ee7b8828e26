import { sandboxSetting, scopeName, scopesOf } from '../../agent-scopes.ts'
import { settingsJudge } from '../../bad-settings.ts'
import { manyPeople } from '../../channel-policies.ts'
import { defineCheck } from '../../check.ts'
import { sandboxMode } from '../../sandbox-mode.ts'

export default defineCheck({
  id: 'sandbox.not-shared',
  title: 'agents that several people reach do not share one sandbox',
  severity: 'medium',
  why: 'in a shared container one conversation reads the files of another and leaves programs for it',
  source: 'OpenClaw docs, gateway/sandboxing (scope session, agent or shared)',
  ...settingsJudge((config) =>
    (manyPeople(config).length > 0 ? scopesOf(config) : []).flatMap((scope) => {
      const { value, at } = sandboxSetting(config, scope, 'scope')
      if (value !== 'shared' || sandboxMode(config, scope).mode === 'off') return []
      return [{ at, saw: `shared for ${scopeName(scope)}`, want: 'session', to: 'session' }]
    }),
  ),
  examples: {
    pass: { 'by session': { config: { agents: { defaults: { sandbox: { mode: 'all', scope: 'session' } } }, channels: { slack: { dmPolicy: 'open' } } } } },
    fail: { shared: { config: { agents: { defaults: { sandbox: { mode: 'all', scope: 'shared' } } }, channels: { slack: { dmPolicy: 'open' } } } } },
  },
})
