import { withoutPatterns } from '../../approvals-document.ts'
import { defineCheck } from '../../check.ts'
import type { AllowedPattern, ExecApprovalsFacts } from '../../facts/exec-approvals.ts'

// Programs that run another one they are given, so allowing them allows everything.
const carriers = new Set('sh bash dash zsh ksh fish ash busybox cmd powershell pwsh sudo doas su env xargs nohup setsid timeout nice ssh docker podman kubectl tmux screen watch'.split(' '))

export default defineCheck({
  id: 'approvals.patterns-narrow',
  title: 'what is allowed for good is a program, not everything',
  severity: 'high',
  why: 'one "always allow" of a shell or of * is an answer to every later question',
  source: 'OpenClaw docs, tools/exec-approvals (allowlist patterns); hardening guide, approval workflow',
  needs: ['execApprovals'],
  judge: ({ execApprovals }) =>
    broad(execApprovals).map(({ agent, pattern }) => ({ at: `${execApprovals.path} agents.${agent}.allowlist`, saw: pattern, want: 'the path of one program that runs no other' })),
  fix: { risk: 'restart', part: 'gateway', plan: ({ execApprovals }) => withoutPatterns(execApprovals, broad(execApprovals)) },
  examples: {
    pass: { program: { files: { '$STATE/exec-approvals.json': '{"agents":{"main":{"allowlist":[{"pattern":"/usr/bin/git"},{"pattern":"~/bin/report-*"}]}}}' } }, none: { config: {} } },
    fail: {
      everything: { files: { '$STATE/exec-approvals.json': '{"agents":{"main":{"allowlist":[{"pattern":"*"},{"pattern":"/usr/bin/git"}]}}}' } },
      'a folder': { files: { '$STATE/exec-approvals.json': '{"agents":{"main":{"allowlist":["/usr/bin/**"]}}}' } },
      'a shell': { files: { '$STATE/exec-approvals.json': '{"agents":{"ops":{"allowlist":[{"pattern":"/bin/bash"}]}}}' } },
    },
  },
})

function broad({ allowed }: ExecApprovalsFacts): AllowedPattern[] {
  return allowed.filter(({ pattern }) => {
    const name = pattern.trim().toLowerCase().split(/[\\/]/).at(-1)!.replace(/\.exe$/, '')
    return /^\**$/.test(name) || carriers.has(name)
  })
}
