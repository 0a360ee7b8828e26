import { scopeName, scopesOf, toolSetting } from '../../agent-scopes.ts'
import { settingsJudge } from '../../bad-settings.ts'
import { manyPeople } from '../../channel-policies.ts'
import { defineCheck } from '../../check.ts'
import { sandboxMode } from '../../sandbox-mode.ts'
import { reaches } from '../../tool-reach.ts'

export default defineCheck({
  id: 'tools.files-in-workspace',
  title: 'file tools stay in the workspace',
  severity: 'medium',
  why: 'the file tools read and write whatever the gateway may: its own configuration with the token in it, SSH keys, browser profiles',
  source: 'OpenClaw docs, gateway/security/hardened-baseline (tools.fs.workspaceOnly, off by default); hardening guide, file access',
  ...settingsJudge((config) =>
    scopesOf(config).flatMap((scope) => {
      const tools = reaches(config, scope, ['read', 'write', 'edit', 'apply_patch'])
      const { at, value } = toolSetting(config, scope, 'fs.workspaceOnly')
      if (tools.length === 0 || value === true || sandboxMode(config, scope).mode === 'all') return []
      const severity = manyPeople(config).length > 0 ? ('high' as const) : ('medium' as const)
      return [{ at, saw: `${tools.join(', ')} reach the whole disk for ${scopeName(scope)}`, want: 'true', to: true, severity }]
    }),
  ),
  examples: {
    pass: {
      set: { config: { tools: { fs: { workspaceOnly: true } } } },
      'no file tools': { config: { tools: { profile: 'messaging' } } },
      sandboxed: { config: { agents: { defaults: { sandbox: { mode: 'all' } } } } },
    },
    fail: {
      'by default': { config: { tools: { profile: 'coding' } } },
      'taken back by one agent': { config: { tools: { fs: { workspaceOnly: true } }, agents: { list: [{ id: 'ops', tools: { fs: { workspaceOnly: false } } }] } } },
    },
  },
})
