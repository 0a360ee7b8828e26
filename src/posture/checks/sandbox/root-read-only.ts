import { defineCheck } from '../../check.ts'
import { dockerJudge } from '../../sandbox-docker.ts'

export default defineCheck({
  id: 'sandbox.root-read-only',
  title: 'the sandbox cannot change its own system',
  severity: 'medium',
  why: 'a program planted in one session waits in /usr/bin for the next one in the same container',
  source: 'OpenClaw docs, gateway/sandboxing/docker-backend (readOnlyRoot, true by default); container guide, read-only filesystem',
  ...dockerJudge('readOnlyRoot', (value) => (value === false ? 'false' : null), { want: 'true', to: true }),
  examples: {
    pass: { 'by default': { config: { agents: { defaults: { sandbox: { docker: { network: 'none' } } } } } }, set: { config: { agents: { defaults: { sandbox: { docker: { readOnlyRoot: true } } } } } } },
    fail: { writable: { config: { agents: { defaults: { sandbox: { docker: { readOnlyRoot: false } } } } } } },
  },
})
