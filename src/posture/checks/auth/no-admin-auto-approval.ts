import { defineCheck } from '../../check.ts'
import { flagAt, textAt } from '../../config-values.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'auth.no-admin-auto-approval',
  title: 'no device becomes an administrator by itself',
  severity: 'critical',
  why: 'everybody the proxy lets in becomes a full administrator of the installation',
  source: 'OpenClaw docs, gateway/trusted-proxy-auth',
  covers: ['gateway.trusted_proxy_device_auto_approve_admin'],
  ...settingRule({
    at: 'gateway.auth.trustedProxy.deviceAutoApprove.scopes',
    isWrong: (value, config) =>
      textAt(config, 'gateway.auth.mode') === 'trusted-proxy' &&
      flagAt(config, 'gateway.auth.trustedProxy.deviceAutoApprove.enabled') === true &&
      Array.isArray(value) &&
      value.includes('operator.admin'),
    to: ['operator.read'],
    saw: 'operator.admin',
  }),
  examples: {
    pass: {
      narrow: { config: { gateway: { auth: { mode: 'trusted-proxy', trustedProxy: { deviceAutoApprove: { enabled: true, scopes: ['operator.read'] } } } } } },
    },
    fail: {
      admin: { config: { gateway: { auth: { mode: 'trusted-proxy', trustedProxy: { deviceAutoApprove: { enabled: true, scopes: ['operator.read', 'operator.admin'] } } } } } },
    },
  },
})
