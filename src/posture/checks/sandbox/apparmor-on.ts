import { defineCheck } from '../../check.ts'
import { dockerJudge } from '../../sandbox-docker.ts'

export default defineCheck({
  id: 'sandbox.apparmor-on',
  title: 'the sandbox keeps its AppArmor profile',
  severity: 'critical',
  why: 'unconfined, mounts and /proc of the host are writable from inside as soon as one capability is there',
  source: 'OpenClaw docs, gateway/security/audit-checks (sandbox.dangerous_apparmor_profile)',
  covers: ['sandbox.dangerous_apparmor_profile'],
  ...dockerJudge('apparmorProfile', (value) => (typeof value === 'string' && value.trim().toLowerCase() === 'unconfined' ? 'unconfined' : null), { want: "no such key: Docker's own profile", to: undefined }),
  examples: {
    pass: { named: { config: { agents: { defaults: { sandbox: { docker: { apparmorProfile: 'openclaw-sandbox' } } } } } } },
    fail: { unconfined: { config: { agents: { entries: { a: { sandbox: { docker: { apparmorProfile: 'unconfined', network: 'none' } } } } } } } },
  },
})
