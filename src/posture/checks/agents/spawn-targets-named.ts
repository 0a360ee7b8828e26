import { scopeName, scopesOf } from '../../agent-scopes.ts'
import { settingsJudge } from '../../bad-settings.ts'
import { defineCheck } from '../../check.ts'
import { wordList } from '../../tool-reach.ts'

export default defineCheck({
  id: 'agents.spawn-targets-named',
  title: 'an agent may start named agents only',
  severity: 'medium',
  why: 'an agent with few tools that may start any other has the tools of all',
  source: 'OpenClaw docs, gateway/security/tool-permissions (subagents.allowAgents restricted to known-safe targets)',
  ...settingsJudge((config) =>
    scopesOf(config).flatMap((scope) => {
      const at = [...scope.entry, 'subagents', 'allowAgents']
      const names = wordList(config, at) ?? []
      return names.includes('*') ? [{ at, saw: `* for ${scopeName(scope)}`, want: 'names of agents', to: names.filter((name) => name !== '*') }] : []
    }),
  ),
  examples: {
    pass: { named: { config: { agents: { list: [{ id: 'a', subagents: { allowAgents: ['research'] } }] } } }, 'by default': { config: {} } },
    fail: { any: { config: { agents: { list: [{ id: 'a', subagents: { allowAgents: ['*'] } }] } } }, 'for all': { config: { agents: { defaults: { subagents: { allowAgents: ['*', 'b'] } } } } } },
  },
})
