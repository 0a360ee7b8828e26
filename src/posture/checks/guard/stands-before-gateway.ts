import { defineCheck } from '../../check.ts'

export default defineCheck({
  id: 'guard.stands-before-gateway',
  title: 'a guard stands between the agents and keys, network, log and money',
  severity: 'high',
  why: 'what runs as the user of OpenClaw can be read and changed by an agent with a shell: keys, log and limits need another owner',
  source: 'docs/threat-model.md; hardening guides 1, 3 and 5 ask for egress lists, budgets and a log out of the reach of agents',
  needs: ['guardConfig'],
  judge: ({ guardConfig }) => (guardConfig.guard === null ? [{ at: 'this installation', saw: 'no guard', want: 'hardshell adopt, then hardshell start' }] : []),
  manual: 'look at the plan with `hardshell adopt --dry-run`, then run `hardshell adopt` and keep `hardshell start` running',
  examples: {
    pass: { guarded: { files: { '$GUARD/config.yaml': '# the defaults hold\n' } } },
    fail: { alone: { config: {} } },
  },
})
