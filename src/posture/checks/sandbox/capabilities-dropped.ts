import { defineCheck } from '../../check.ts'
import { dockerJudge } from '../../sandbox-docker.ts'

export default defineCheck({
  id: 'sandbox.capabilities-dropped',
  title: 'the sandbox has no capabilities of root',
  severity: 'medium',
  why: 'each capability that is kept is a known way out of a container: mounting, tracing, raw packets',
  source: 'OpenClaw docs, gateway/sandboxing/docker-backend (capDrop, ALL by default); container guide, drop capabilities',
  ...dockerJudge('capDrop', (value) => (Array.isArray(value) && !value.some((one) => String(one).toUpperCase() === 'ALL') ? (value.length === 0 ? 'none dropped' : `only ${value.join(', ')} dropped`) : null), {
    want: 'ALL',
    to: ['ALL'],
  }),
  examples: {
    pass: { all: { config: { agents: { defaults: { sandbox: { docker: { capDrop: ['ALL'] } } } } } }, 'by default': { config: { agents: { defaults: { sandbox: { docker: { network: 'none' } } } } } } },
    fail: { none: { config: { agents: { defaults: { sandbox: { docker: { capDrop: [] } } } } } }, some: { config: { agents: { list: [{ id: 'a', sandbox: { docker: { capDrop: ['NET_RAW'] } } }] } } } },
  },
})
