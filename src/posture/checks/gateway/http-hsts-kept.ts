import { defineCheck } from '../../check.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'gateway.http-hsts-kept',
  title: 'browsers are not told to forget that this host wants TLS',
  severity: 'low',
  why: 'without Strict-Transport-Security the first visit of a browser may be led to plain HTTP',
  source: 'OWASP Secure Headers; OpenClaw docs, gateway/config-gateway',
  ...settingRule({
    at: 'gateway.http.securityHeaders.strictTransportSecurity',
    isWrong: (value) => value === false,
    to: undefined,
  }),
  examples: {
    pass: {
      default: { config: { gateway: { tls: { enabled: true } } } },
    },
    fail: {
      off: { config: { gateway: { http: { securityHeaders: { strictTransportSecurity: false } } } } },
    },
  },
})
