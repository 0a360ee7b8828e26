import { scopeName, type Scope } from '../../agent-scopes.ts'
import { settingsJudge, type BadSetting } from '../../bad-settings.ts'
import { openAnywhere } from '../../channel-policies.ts'
import { defineCheck, type Severity } from '../../check.ts'
import { commandsAreKept, execPolicies, type ExecPolicy } from '../../exec-policy.ts'
import type { ConfigFacts } from '../../facts/config.ts'
import { deepValue } from '../../setting-change.ts'
import { reaches } from '../../tool-reach.ts'

export default defineCheck({
  id: 'exec.programs-listed',
  title: 'shell commands of agents are limited to listed programs',
  severity: 'high',
  why: "anything goes, unasked, as the gateway's own user: seen to end in agent, shell, gateway token, full operator",
  source: 'OpenClaw docs, tools/exec-approvals (the default is security full, ask off) and gateway/security/hardened-baseline',
  covers: ['tools.exec.security_full_configured'],
  ...settingsJudge((config) => execPolicies(config).flatMap(([scope, policy]) => (policy.security === 'full' ? tooMuch(config, scope, policy) : []))),
  examples: {
    pass: {
      'a list': { config: { tools: { exec: { security: 'allowlist', ask: 'on-miss' } } } },
      'a mode': { config: { tools: { exec: { mode: 'ask' } } } },
      denied: { config: { tools: { exec: { security: 'deny', ask: 'always' } } } },
      'no shell tool': { config: { tools: { profile: 'messaging' } } },
      'all in a sandbox': { config: { agents: { defaults: { sandbox: { mode: 'all' } } } } },
    },
    fail: {
      'by default': { config: {} },
      written: { config: { tools: { exec: { security: 'full', ask: 'off' } } } },
      'a mode for one agent': { config: { tools: { exec: { mode: 'deny' } }, agents: { entries: { ops: { tools: { exec: { mode: 'full' } } } } } } },
      'one agent of the list of before': { config: { tools: { exec: { security: 'deny' } }, agents: { list: [{ id: 'ops', tools: { exec: { security: 'full' } } }] } } },
      'beside an open group': { config: { tools: { exec: { security: 'full' } }, channels: { telegram: { groupPolicy: 'open' } } } },
    },
  },
})

type Config = Pick<ConfigFacts, 'value'>

// Written down it counts wherever it stands: the day the sandbox or the tool policy changes, it is in force.
function tooMuch(config: Config, scope: Scope, policy: ExecPolicy): BadSetting[] {
  const reachable = reaches(config, scope, ['exec']).length > 0
  const inside = commandsAreKept(config, scope)
  if (!policy.written && (!reachable || inside)) return []
  const own = [...scope.tools, 'exec']
  const at = deepValue(config.value, [...own, 'mode']) !== undefined || deepValue(config.value, [...own, 'security']) !== undefined ? own : ['tools', 'exec']
  const byMode = deepValue(config.value, [...at, 'mode']) !== undefined
  return [
    {
      at: [...at, byMode ? 'mode' : 'security'],
      saw: `full${policy.written ? '' : ' by default'}, ask ${policy.ask}, for ${scopeName(scope)}`,
      want: byMode ? 'ask' : 'allowlist, with ask on-miss',
      to: byMode ? 'ask' : 'allowlist',
      also: byMode || policy.ask !== 'off' ? [] : [{ at: [...at, 'ask'], to: 'on-miss' }],
      severity: severityOf(config, policy, reachable && !inside),
      ...(!policy.written && { covers: [] }),
    },
  ]
}

function severityOf(config: Config, { ask }: ExecPolicy, inForce: boolean): Severity {
  if (!inForce) return 'medium'
  if (openAnywhere(config).length > 0) return 'critical'
  return ask === 'always' ? 'medium' : 'high'
}
