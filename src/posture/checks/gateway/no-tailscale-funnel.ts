import { defineCheck } from '../../check.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'gateway.no-tailscale-funnel',
  title: 'the gateway is not published by Tailscale Funnel',
  severity: 'critical',
  why: 'Funnel puts the gateway on the public internet: whoever finds the name is at its login',
  source: 'OpenClaw docs, gateway/security/network-exposure',
  covers: ['gateway.tailscale_funnel'],
  ...settingRule({
    at: 'gateway.tailscale.mode',
    isWrong: (value) => value === 'funnel',
    to: 'off',
  }),
  examples: {
    pass: {
      off: { config: { gateway: { tailscale: { mode: 'off' } } } },
      serve: { config: { gateway: { tailscale: { mode: 'serve' } } } },
    },
    fail: {
      funnel: { config: { gateway: { tailscale: { mode: 'funnel' } } } },
    },
  },
})
