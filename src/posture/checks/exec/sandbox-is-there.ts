import { scopeName, scopesOf, toolSetting } from '../../agent-scopes.ts'
import { defineCheck } from '../../check.ts'
import { sandboxMode } from '../../sandbox-mode.ts'
import { sandboxJudge } from '../../sandbox-runtime.ts'

// The program has to be there for the fix to be more than a broken agent.
const docker = { '/usr/bin/docker': '' }

export default defineCheck({
  id: 'exec.sandbox-is-there',
  title: 'where commands are to run in the sandbox, there is one',
  severity: 'medium',
  why: 'without a sandbox every command fails, and the next person switches the host to gateway to make it work',
  source: 'OpenClaw docs, gateway/security/audit-checks (tools.exec.host_sandbox_no_sandbox_defaults, _agents)',
  covers: ['tools.exec.host_sandbox_no_sandbox_defaults', 'tools.exec.host_sandbox_no_sandbox_agents'],
  ...sandboxJudge((config) =>
    scopesOf(config).flatMap((scope) => {
      const { mode, at } = sandboxMode(config, scope)
      if (toolSetting(config, scope, 'exec.host').value !== 'sandbox' || mode !== 'off') return []
      return [{ at, saw: `off, with exec.host sandbox for ${scopeName(scope)}`, want: 'all', to: 'all' }]
    }),
  ),
  examples: {
    pass: {
      both: { config: { tools: { exec: { host: 'sandbox' } }, agents: { defaults: { sandbox: { mode: 'all' } } } } },
      neither: { config: { tools: { exec: { host: 'gateway' } } } },
    },
    fail: {
      'for all': { files: docker, config: { tools: { exec: { host: 'sandbox' } } } },
      'for one': { files: docker, config: { agents: { entries: { a: { tools: { exec: { host: 'sandbox' } }, sandbox: { mode: 'off' } } } } } },
    },
  },
})
