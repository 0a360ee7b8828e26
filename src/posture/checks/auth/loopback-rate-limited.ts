import { defineCheck } from '../../check.ts'
import { valueOf } from '../../config-values.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'auth.loopback-rate-limited',
  title: 'failed logins count from this machine too',
  severity: 'low',
  why: 'a program an agent runs guesses the password from here, where no limit holds',
  source: 'OpenClaw docs, gateway/config-gateway',
  ...settingRule({
    at: 'gateway.auth.rateLimit.exemptLoopback',
    isWrong: (value, config) => valueOf(config, 'gateway.auth.rateLimit') !== undefined && value !== false,
    to: false,
  }),
  examples: {
    pass: {
      counted: { config: { gateway: { auth: { rateLimit: { exemptLoopback: false } } } } },
      noLimit: { config: { gateway: {} } },
    },
    fail: {
      default: { config: { gateway: { auth: { rateLimit: { maxAttempts: 10 } } } } },
    },
  },
})
