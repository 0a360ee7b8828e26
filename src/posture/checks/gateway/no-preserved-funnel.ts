import { defineCheck } from '../../check.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'gateway.no-preserved-funnel',
  title: 'no Funnel of before is left open',
  severity: 'high',
  why: 'a Funnel that was opened by hand stays open to the internet after Tailscale is set to something else',
  source: 'OpenClaw docs, gateway/config-gateway',
  ...settingRule({
    at: 'gateway.tailscale.preserveFunnel',
    isWrong: (value) => value === true,
    to: undefined,
  }),
  examples: {
    pass: {
      default: { config: { gateway: {} } },
    },
    fail: {
      kept: { config: { gateway: { tailscale: { mode: 'serve', preserveFunnel: true } } } },
    },
  },
})
