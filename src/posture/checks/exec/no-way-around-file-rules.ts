import { sandboxSetting, scopeName, scopesOf } from '../../agent-scopes.ts'
import { settingsJudge, withEntries } from '../../bad-settings.ts'
import { defineCheck } from '../../check.ts'
import { commandsAreKept } from '../../exec-policy.ts'
import { reaches, wordList } from '../../tool-reach.ts'

const writers = ['write', 'edit', 'apply_patch']

export default defineCheck({
  id: 'exec.no-way-around-file-rules',
  title: 'an agent that may not write files has no shell to write them with',
  severity: 'medium',
  why: 'the shell writes wherever its user may: an agent meant to be read-only is not',
  source: 'OpenClaw docs, gateway/security/audit-checks (tools.exec.fs_tools_disabled_but_exec_enabled)',
  covers: ['tools.exec.fs_tools_disabled_but_exec_enabled'],
  ...settingsJudge((config) =>
    scopesOf(config).flatMap((scope) => {
      const inside = commandsAreKept(config, scope) && sandboxSetting(config, scope, 'workspaceAccess').value !== 'rw'
      if (inside || reaches(config, scope, ['exec']).length === 0 || reaches(config, scope, writers).length > 0) return []
      const at = [...scope.tools, 'deny']
      return [{ at, saw: `write, edit and apply_patch are off, exec is on for ${scopeName(scope)}`, want: 'group:runtime denied', to: withEntries(wordList(config, at), ['group:runtime']) }]
    }),
  ),
  examples: {
    pass: {
      both: { config: { tools: { deny: ['group:fs', 'group:runtime'] } } },
      'files allowed': { config: { tools: { profile: 'coding' } } },
      'contained by the sandbox': { config: { tools: { deny: ['group:fs'] }, agents: { defaults: { sandbox: { mode: 'all' } } } } },
    },
    fail: {
      'for all': { config: { tools: { deny: ['group:fs'] } } },
      'for one': { config: { agents: { list: [{ id: 'reader', tools: { allow: ['read', 'exec'] } }] } } },
    },
  },
})
