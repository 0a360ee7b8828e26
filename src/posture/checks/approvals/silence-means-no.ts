import { policyIn, rewritten } from '../../approvals-document.ts'
import { defineCheck } from '../../check.ts'
import type { ExecApprovalsFacts } from '../../facts/exec-approvals.ts'

export default defineCheck({
  id: 'approvals.silence-means-no',
  title: 'a command nobody can be asked about does not run',
  severity: 'high',
  why: 'with another fallback it is enough that the app of the operator is closed: at night everything runs',
  source: 'OpenClaw docs, tools/exec-approvals (askFallback, deny by default)',
  needs: ['execApprovals'],
  judge: ({ execApprovals }) =>
    lenient(execApprovals).map(({ agent, settings }) => ({
      at: `${execApprovals.path} ${agent === null ? 'defaults' : `agents.${agent}`}.askFallback`,
      saw: String(settings['askFallback']),
      want: 'deny',
      ...(settings['askFallback'] === 'allowlist' && { severity: 'low' as const }),
    })),
  fix: {
    risk: 'restart',
    part: 'gateway',
    plan: ({ execApprovals }) =>
      rewritten(execApprovals, (document) => {
        for (const { agent } of lenient(execApprovals)) policyIn(document, agent)['askFallback'] = 'deny'
      }),
  },
  examples: {
    pass: { 'by default': { files: { '$STATE/exec-approvals.json': '{"version":1,"defaults":{"ask":"always"}}' } }, none: { config: {} } },
    fail: { full: { files: { '$STATE/exec-approvals.json': '{"version":1,"defaults":{"askFallback":"full"},"agents":{"a":{"askFallback":"allowlist"}}}' } } },
  },
})

function lenient({ policies }: ExecApprovalsFacts): ExecApprovalsFacts['policies'] {
  return policies.filter(({ settings }) => settings['askFallback'] === 'full' || settings['askFallback'] === 'allowlist')
}
