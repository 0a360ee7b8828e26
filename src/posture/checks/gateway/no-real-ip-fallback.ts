import { defineCheck } from '../../check.ts'
import { severityWhenReachable } from '../../gateway-exposure.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'gateway.no-real-ip-fallback',
  title: 'the gateway does not take an address from X-Real-IP',
  severity: 'medium',
  why: 'a proxy that passes X-Real-IP on lets anybody claim to be on this machine',
  source: 'OpenClaw docs, gateway/security/audit-checks',
  covers: ['gateway.real_ip_fallback_enabled'],
  ...settingRule({
    at: 'gateway.allowRealIpFallback',
    isWrong: (value) => value === true,
    to: undefined,
    severity: severityWhenReachable('high', 'medium'),
  }),
  examples: {
    pass: {
      default: { config: { gateway: {} } },
      off: { config: { gateway: { allowRealIpFallback: false } } },
    },
    fail: {
      on: { config: { gateway: { allowRealIpFallback: true, port: 1 } } },
      reachable: { config: { gateway: { bind: 'lan', allowRealIpFallback: true } } },
    },
  },
})
