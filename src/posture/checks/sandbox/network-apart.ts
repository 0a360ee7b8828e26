import { defineCheck } from '../../check.ts'
import { dockerJudge } from '../../sandbox-docker.ts'

export default defineCheck({
  id: 'sandbox.network-apart',
  title: 'the sandbox has a network of its own, or none',
  severity: 'critical',
  why: "in the host's network, or another container's, the sandbox reaches every service that listens on loopback, the gateway first",
  source: 'OpenClaw docs, gateway/security/audit-checks (sandbox.dangerous_network_mode); container guide, no host network',
  covers: ['sandbox.dangerous_network_mode'],
  ...dockerJudge(
    'network',
    (value) => {
      const mode = typeof value === 'string' ? value.trim().toLowerCase() : ''
      return mode === 'host' || mode.startsWith('container:') ? mode : null
    },
    { want: 'none', to: 'none' },
  ),
  examples: {
    pass: {
      none: { config: { agents: { defaults: { sandbox: { docker: { network: 'none' } } } } } },
      bridge: { config: { agents: { defaults: { sandbox: { docker: { network: 'bridge' } } } } } },
      'by default': { config: {} },
    },
    fail: {
      host: { config: { agents: { defaults: { sandbox: { docker: { network: ' Host ' } } } } } },
      'of another container': { config: { agents: { list: [{ id: 'a', sandbox: { docker: { network: 'container:db' } } }] } } },
    },
  },
})
