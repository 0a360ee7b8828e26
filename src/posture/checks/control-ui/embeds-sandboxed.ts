import { defineCheck } from '../../check.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'control-ui.embeds-sandboxed',
  title: 'pages shown inside the Control UI are sandboxed',
  severity: 'medium',
  why: 'a page an agent shows runs with the rights of the Control UI, which is the operator',
  source: 'OpenClaw docs, gateway/config-gateway',
  ...settingRule({
    at: 'gateway.controlUi.embedSandbox',
    isWrong: (value) => value === 'trusted',
    to: 'strict',
  }),
  examples: {
    pass: {
      default: { config: { gateway: {} } },
      strict: { config: { gateway: { controlUi: { embedSandbox: 'strict' } } } },
    },
    fail: {
      trusted: { config: { gateway: { controlUi: { embedSandbox: 'trusted' } } } },
    },
  },
})
