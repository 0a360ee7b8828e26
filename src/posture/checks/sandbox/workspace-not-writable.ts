import { sandboxSetting, scopeName, scopesOf } from '../../agent-scopes.ts'
import { settingsJudge } from '../../bad-settings.ts'
import { manyPeople } from '../../channel-policies.ts'
import { defineCheck } from '../../check.ts'
import { sandboxMode } from '../../sandbox-mode.ts'

export default defineCheck({
  id: 'sandbox.workspace-not-writable',
  title: 'the sandbox of an agent that several people reach cannot write its workspace',
  severity: 'medium',
  why: 'AGENTS.md, SOUL.md, MEMORY.md and skills lie there: one injected write is an order in every later session',
  source: 'OpenClaw docs, gateway/sandboxing (workspaceAccess, none by default); openclaw docs, gateway/security/prompt-injection',
  ...settingsJudge((config) =>
    (manyPeople(config).length > 0 ? scopesOf(config) : []).flatMap((scope) => {
      const { value, at } = sandboxSetting(config, scope, 'workspaceAccess')
      if (value !== 'rw' || sandboxMode(config, scope).mode === 'off') return []
      return [{ at, saw: `rw for ${scopeName(scope)}`, want: 'ro', to: 'ro' }]
    }),
  ),
  examples: {
    pass: {
      'read only': { config: { agents: { defaults: { sandbox: { mode: 'all', workspaceAccess: 'ro' } } }, channels: { slack: { dmPolicy: 'open' } } } },
      'one person': { config: { agents: { defaults: { sandbox: { mode: 'all', workspaceAccess: 'rw' } } } } },
    },
    fail: { writable: { config: { agents: { defaults: { sandbox: { mode: 'all', workspaceAccess: 'rw' } } }, channels: { slack: { groupPolicy: 'open' } } } } },
  },
})
