import { defineCheck } from '../../check.ts'
import { severityWhenReachable } from '../../gateway-exposure.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'control-ui.no-host-header-fallback',
  title: 'the Control UI does not trust the Host header',
  severity: 'medium',
  why: 'a page that points its own name at this address (DNS rebinding) is taken for the Control UI',
  source: 'OpenClaw docs, gateway/security/network-exposure',
  covers: ['gateway.control_ui.host_header_origin_fallback', 'config.insecure_or_dangerous_flags'],
  ...settingRule({
    at: 'gateway.controlUi.dangerouslyAllowHostHeaderOriginFallback',
    isWrong: (value) => value === true,
    to: undefined,
    severity: severityWhenReachable('critical', 'medium'),
  }),
  examples: {
    pass: {
      default: { config: { gateway: {} } },
    },
    fail: {
      local: { config: { gateway: { controlUi: { dangerouslyAllowHostHeaderOriginFallback: true } } } },
      reachable: { config: { gateway: { bind: 'lan', controlUi: { dangerouslyAllowHostHeaderOriginFallback: true } } } },
    },
  },
})
