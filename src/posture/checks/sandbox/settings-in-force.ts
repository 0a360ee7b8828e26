import { agentsOf, scopesOf, type Scope } from '../../agent-scopes.ts'
import { defineCheck } from '../../check.ts'
import type { ConfigFacts } from '../../facts/config.ts'
import { sandboxMode } from '../../sandbox-mode.ts'
import { sandboxJudge } from '../../sandbox-runtime.ts'
import { deepValue } from '../../setting-change.ts'

// The program has to be there for the fix to be more than a broken agent.
const docker = { '/usr/bin/docker': '' }

export default defineCheck({
  id: 'sandbox.settings-in-force',
  title: 'where a sandbox is described it is also switched on',
  severity: 'medium',
  why: 'limits that are written down and not in force are believed: commands run on the host all the same',
  source: 'OpenClaw docs, gateway/security/audit-checks (sandbox.docker_config_mode_off)',
  covers: ['sandbox.docker_config_mode_off'],
  ...sandboxJudge((config) =>
    scopesOf(config)
      .filter((scope) => Object.keys((deepValue(config.value, [...scope.sandbox, 'docker']) as object | undefined) ?? {}).length > 0 && idle(config, scope))
      .map((scope) => ({ at: sandboxMode(config, scope).at, saw: 'off, beside container settings', want: 'all', to: 'all' })),
  ),
  examples: {
    pass: {
      on: { config: { agents: { defaults: { sandbox: { mode: 'all', docker: { network: 'none' } } } } } },
      'nothing described': { config: { agents: { defaults: { sandbox: { mode: 'off' } } } } },
      'on for one agent': { config: { agents: { defaults: { sandbox: { docker: { network: 'none' } } }, entries: { a: { sandbox: { mode: 'all' } } } } } },
    },
    fail: {
      'for all': { files: docker, config: { agents: { defaults: { sandbox: { docker: { network: 'none' } } } } } },
      'for one': { files: docker, config: { agents: { list: [{ id: 'a', sandbox: { mode: 'off', docker: { memory: '1g' } } }] } } },
    },
  },
})

// What stands in the defaults is in force as soon as one agent has a sandbox.
function idle(config: Pick<ConfigFacts, 'value'>, scope: Scope): boolean {
  const scopes = scope.agent === null ? [scope, ...agentsOf(config)] : [scope]
  return scopes.every((one) => sandboxMode(config, one).mode === 'off')
}
