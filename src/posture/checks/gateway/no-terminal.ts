import { defineCheck } from '../../check.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'gateway.no-terminal',
  title: 'nobody opens a terminal on the host from the browser',
  severity: 'high',
  why: 'whoever is in the Control UI has a shell as the user of the gateway, past every tool policy',
  source: 'OpenClaw docs, gateway/config-gateway',
  ...settingRule({
    at: 'gateway.terminal.enabled',
    isWrong: (value) => value === true,
    to: undefined,
  }),
  examples: {
    pass: {
      default: { config: { gateway: {} } },
    },
    fail: {
      on: { config: { gateway: { terminal: { enabled: true } } } },
    },
  },
})
