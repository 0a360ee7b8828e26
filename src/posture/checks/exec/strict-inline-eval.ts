import { agentsOf, toolSetting, scopesOf } from '../../agent-scopes.ts'
import { defineCheck } from '../../check.ts'
import { takesCode } from '../../safe-bins.ts'
import { settingChanges } from '../../setting-change.ts'
import type { Facts } from '../../facts.ts'

export default defineCheck({
  id: 'exec.strict-inline-eval',
  title: 'programs given to an allowed interpreter on its command line are approved each time',
  severity: 'medium',
  why: 'python or node in the allow list runs whatever stands behind -c or -e, so the list allows everything',
  source: 'OpenClaw docs, gateway/security/audit-checks (tools.exec.allowlist_interpreter_without_strict_inline_eval)',
  covers: ['tools.exec.allowlist_interpreter_without_strict_inline_eval'],
  needs: ['config', 'execApprovals'],
  applies: (facts) => facts.execApprovals.found,
  judge: (facts) =>
    loose(facts).map(({ agent, pattern }) => ({
      at: `${facts.execApprovals.path} agents.${agent}.allowlist`,
      saw: `${pattern} without strictInlineEval`,
      want: 'tools.exec.strictInlineEval: true',
    })),
  fix: {
    risk: 'restart',
    part: 'gateway',
    plan(facts) {
      const places = loose(facts).map(({ agent }) => agentsOf(facts.config).find((scope) => scope.agent === agent)?.tools ?? ['tools'])
      const all = [...new Map([['tools'], ...places].map((tools) => [tools.join('\n'), tools])).values()]
      return settingChanges(facts.config, all.map((tools) => ({ at: [...tools, 'exec', 'strictInlineEval'], to: true })))
    },
  },
  examples: {
    pass: {
      'no approvals': { config: {} },
      strict: { config: { tools: { exec: { strictInlineEval: true } } }, files: { '$STATE/exec-approvals.json': approvals('/usr/bin/python3') } },
      'no interpreter': { config: {}, files: { '$STATE/exec-approvals.json': approvals('/usr/bin/git') } },
      'a shell, which another check is about': { config: {}, files: { '$STATE/exec-approvals.json': approvals('/bin/bash') } },
    },
    fail: {
      python: { config: {}, files: { '$STATE/exec-approvals.json': approvals('/usr/bin/python3') } },
      'taken back by the agent': {
        config: { tools: { exec: { strictInlineEval: true } }, agents: { list: [{ id: 'main', tools: { exec: { strictInlineEval: false } } }] } },
        files: { '$STATE/exec-approvals.json': approvals('**/node') },
      },
    },
  },
})

function loose({ config, execApprovals: { allowed } }: Pick<Facts, 'config' | 'execApprovals'>): { agent: string; pattern: string }[] {
  const [all] = scopesOf(config)
  return allowed
    .filter(({ pattern }) => takesCode(pattern))
    .filter(({ agent }) => {
      const scope = agentsOf(config).find((one) => one.agent === agent) ?? all!
      return toolSetting(config, scope, 'exec.strictInlineEval').value !== true
    })
}

function approvals(pattern: string): string {
  return JSON.stringify({ version: 1, agents: { main: { allowlist: [{ pattern }] } } })
}
