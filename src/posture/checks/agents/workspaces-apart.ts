import { agentsOf } from '../../agent-scopes.ts'
import { settingsJudge } from '../../bad-settings.ts'
import { defineCheck } from '../../check.ts'
import { deepValue } from '../../setting-change.ts'

export default defineCheck({
  id: 'agents.workspaces-apart',
  title: 'each agent has a workspace and a folder of its own',
  severity: 'medium',
  why: 'in a shared folder one agent rewrites the orders, memory and keys of the other',
  source: 'OpenClaw docs, concepts/multi-agent (never reuse agentDir across agents; one workspace per agent)',
  ...settingsJudge((config) =>
    ['workspace', 'agentDir'].flatMap((key) => {
      const seen = new Map<string, string>()
      return agentsOf(config).flatMap((scope) => {
        const at = [...scope.entry, key]
        const folder = deepValue(config.value, at)
        if (typeof folder !== 'string' || folder.trim() === '') return []
        const path = folder.trim().replace(/(?<=.)\/+$/, '')
        const owner = seen.get(path)
        seen.set(path, owner ?? scope.agent!)
        // Without the key OpenClaw gives it a folder named after it.
        return owner === undefined ? [] : [{ at, saw: `the same folder as ${owner}`, want: 'no such key: a folder of its own', to: undefined }]
      })
    }),
  ),
  examples: {
    pass: { apart: { config: { agents: { list: [{ id: 'a', workspace: '~/a' }, { id: 'b', workspace: '~/b' }] } } }, 'by default': { config: { agents: { list: [{ id: 'a' }, { id: 'b' }] } } } },
    fail: {
      shared: { config: { agents: { list: [{ id: 'a', workspace: '~/w' }, { id: 'b', workspace: '~/w/' }] } } },
      keys: { config: { agents: { entries: { a: { agentDir: '/srv/claw' }, b: { agentDir: '/srv/claw' } } } } },
    },
  },
})
