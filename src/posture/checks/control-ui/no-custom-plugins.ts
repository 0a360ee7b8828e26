import { defineCheck } from '../../check.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'control-ui.no-custom-plugins',
  title: 'the Control UI runs no plugins from the browser side',
  severity: 'low',
  why: 'code that is added to the Control UI acts as whoever is logged in',
  source: 'OpenClaw docs, gateway/config-gateway',
  ...settingRule({
    at: 'gateway.controlUi.experimental.customPlugins',
    isWrong: (value) => value === true,
    to: undefined,
  }),
  examples: {
    pass: {
      default: { config: { gateway: {} } },
    },
    fail: {
      on: { config: { gateway: { controlUi: { experimental: { customPlugins: true } } } } },
    },
  },
})
