import { defineCheck } from '../../check.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'gateway.no-tailscale-serve',
  title: 'the gateway is not handed to the whole tailnet',
  severity: 'info',
  why: 'everybody in the tailnet reaches the gateway, also a laptop that was lost',
  source: 'OpenClaw docs, gateway/security/network-exposure',
  covers: ['gateway.tailscale_serve'],
  ...settingRule({
    at: 'gateway.tailscale.mode',
    isWrong: (value) => value === 'serve',
    to: 'off',
  }),
  examples: {
    pass: {
      off: { config: { gateway: {} } },
    },
    fail: {
      serve: { config: { gateway: { tailscale: { mode: 'serve' } } } },
    },
  },
})
