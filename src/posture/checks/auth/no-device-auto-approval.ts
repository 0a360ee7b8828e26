import { defineCheck } from '../../check.ts'
import { textAt } from '../../config-values.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'auth.no-device-auto-approval',
  title: 'the proxy does not pair devices by itself',
  severity: 'medium',
  why: 'who is logged in at the proxy pairs any device without a question, and keeps it when the login is gone',
  source: 'OpenClaw docs, gateway/trusted-proxy-auth',
  covers: ['gateway.trusted_proxy_device_auto_approve'],
  ...settingRule({
    at: 'gateway.auth.trustedProxy.deviceAutoApprove.enabled',
    isWrong: (value, config) => value === true && textAt(config, 'gateway.auth.mode') === 'trusted-proxy',
    to: undefined,
  }),
  examples: {
    pass: {
      default: { config: { gateway: { auth: { mode: 'trusted-proxy' } } } },
    },
    fail: {
      on: { config: { gateway: { auth: { mode: 'trusted-proxy', trustedProxy: { deviceAutoApprove: { enabled: true } } } } } },
    },
  },
})
