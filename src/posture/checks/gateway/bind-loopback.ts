import { textAt } from '../../config-values.ts'
import { defineCheck } from '../../check.ts'

export default defineCheck({
  id: 'gateway.bind-loopback',
  title: 'gateway listens on loopback only',
  severity: 'high',
  why: 'a gateway on a reachable address can be driven by anyone who finds the port; scanners do within hours',
  source: 'OpenClaw docs, gateway/security/network-exposure',
  covers: ['gateway.bind_network_accessible'],
  needs: ['config'],
  judge({ config }) {
    const bind = textAt(config, 'gateway.bind') ?? 'loopback' // OpenClaw's own default
    return bind === 'loopback' ? [] : [{ at: 'gateway.bind', saw: bind, want: 'loopback' }]
  },
  fix: {
    risk: 'restart',
    part: 'gateway',
    plan: ({ config }) => [{ kind: 'setting', at: ['gateway', 'bind'], from: textAt(config, 'gateway.bind'), to: 'loopback' }],
  },
  examples: {
    pass: { default: { config: { gateway: {} } }, explicit: { config: { gateway: { bind: 'loopback' } } } },
    fail: { lan: { config: { gateway: { bind: 'lan' } } } },
  },
})
