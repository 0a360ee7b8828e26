import { policyIn, rewritten } from '../../approvals-document.ts'
import { defineCheck } from '../../check.ts'
import type { ExecApprovalsFacts } from '../../facts/exec-approvals.ts'

export default defineCheck({
  id: 'approvals.skills-not-trusted',
  title: 'programs that skills name are approved like any other',
  severity: 'medium',
  why: 'a skill names its own programs: installing one then allows commands nobody looked at',
  source: 'OpenClaw docs, gateway/security/audit-checks (tools.exec.auto_allow_skills_enabled)',
  covers: ['tools.exec.auto_allow_skills_enabled'],
  needs: ['execApprovals'],
  judge: ({ execApprovals }) =>
    trusting(execApprovals).map(({ agent }) => ({ at: `${execApprovals.path} ${agent === null ? 'defaults' : `agents.${agent}`}.autoAllowSkills`, saw: 'true', want: 'false' })),
  fix: {
    risk: 'restart',
    part: 'gateway',
    plan: ({ execApprovals }) =>
      rewritten(execApprovals, (document) => {
        for (const { agent } of trusting(execApprovals)) policyIn(document, agent)['autoAllowSkills'] = false
      }),
  },
  examples: {
    pass: {
      none: { config: {} },
      off: { files: { '$STATE/exec-approvals.json': '{"version":1,"defaults":{"autoAllowSkills":false}}' } },
      'in the database': { files: { '$STATE/state/openclaw.sqlite': `create table exec_approvals_config (raw_json text); insert into exec_approvals_config values ('{"version":1}');` } },
    },
    fail: {
      'for all': { files: { '$STATE/exec-approvals.json': '{"version":1,"defaults":{"autoAllowSkills":true}}' } },
      'for one': { files: { '$STATE/exec-approvals.json': '{"version":1,"agents":{"main":{"autoAllowSkills":true,"allowlist":[]}}}' } },
    },
  },
})

function trusting({ policies }: ExecApprovalsFacts): ExecApprovalsFacts['policies'] {
  return policies.filter(({ settings }) => settings['autoAllowSkills'] === true)
}
