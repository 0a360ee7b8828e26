import { defineCheck } from '../../check.ts'
import { ownOrigins, severityWhenReachable } from '../../gateway-exposure.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'control-ui.no-wildcard-origin',
  title: 'the Control UI does not accept every web page',
  severity: 'medium',
  why: 'any page a person visits may speak to the gateway with what their browser knows',
  source: 'OpenClaw docs, gateway/security/network-exposure',
  covers: ['gateway.control_ui.allowed_origins_wildcard'],
  ...settingRule({
    at: 'gateway.controlUi.allowedOrigins',
    isWrong: (value) => Array.isArray(value) && value.some((origin) => typeof origin === 'string' && origin.trim() === '*'),
    to: ownOrigins,
    saw: '*',
    want: 'the addresses people really use',
    severity: severityWhenReachable('critical', 'medium'),
  }),
  examples: {
    pass: {
      listed: { config: { gateway: { controlUi: { allowedOrigins: ['https://claw.example.com'] } } } },
    },
    fail: {
      reachable: { config: { gateway: { bind: 'lan', controlUi: { allowedOrigins: ['*'] } } } },
      local: { config: { gateway: { controlUi: { allowedOrigins: ['https://a.example', '*'] } } } },
    },
  },
})
