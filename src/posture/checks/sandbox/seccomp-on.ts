import { defineCheck } from '../../check.ts'
import { dockerJudge } from '../../sandbox-docker.ts'

export default defineCheck({
  id: 'sandbox.seccomp-on',
  title: 'system calls of the sandbox are filtered',
  severity: 'critical',
  why: 'unconfined, every kernel bug is in reach of the sandbox, and a sandbox ends at the first one',
  source: 'OpenClaw docs, gateway/security/audit-checks (sandbox.dangerous_seccomp_profile)',
  covers: ['sandbox.dangerous_seccomp_profile'],
  ...dockerJudge('seccompProfile', (value) => (typeof value === 'string' && value.trim().toLowerCase() === 'unconfined' ? 'unconfined' : null), { want: "no such key: Docker's own profile", to: undefined }),
  examples: {
    pass: { 'by default': { config: { agents: { defaults: { sandbox: { docker: { network: 'none' } } } } } }, file: { config: { agents: { defaults: { sandbox: { docker: { seccompProfile: '/etc/claw/seccomp.json' } } } } } } },
    fail: { unconfined: { config: { agents: { defaults: { sandbox: { docker: { seccompProfile: 'unconfined' } } } } } } },
  },
})
