import { defineCheck } from '../../check.ts'
import { flagAt, wordsAt } from '../../config-values.ts'
import type { ConfigFacts } from '../../facts/config.ts'
import { listensBeyondLoopback, ownOrigins } from '../../gateway-exposure.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'control-ui.origins-listed',
  title: 'the pages that may speak to a reachable Control UI are listed',
  severity: 'high',
  why: 'without a list OpenClaw refuses the Control UI or, in older versions, takes any page',
  source: 'OpenClaw docs, gateway/security/network-exposure',
  covers: ['gateway.control_ui.allowed_origins_required'],
  ...settingRule({
    at: 'gateway.controlUi.allowedOrigins',
    isWrong: (value, config) => wordsAt(config, 'gateway.controlUi.allowedOrigins').length === 0 && isAsked(config),
    to: ownOrigins,
    saw: 'no origin',
    want: 'the addresses people really use',
  }),
  examples: {
    pass: {
      loopback: { config: { gateway: {} } },
      off: { config: { gateway: { bind: 'lan', controlUi: { enabled: false } } } },
      listed: { config: { gateway: { bind: 'lan', controlUi: { allowedOrigins: ['https://claw.example.com'] } } } },
    },
    fail: {
      lan: { config: { gateway: { bind: 'lan' } } },
      olderSpelling: { config: { gateway: { bind: '0.0.0.0' } } },
    },
  },
})

/** Where the fallback to the Host header is on, that is the finding. */
function isAsked(config: ConfigFacts): boolean {
  return listensBeyondLoopback(config) && flagAt(config, 'gateway.controlUi.enabled') !== false && flagAt(config, 'gateway.controlUi.dangerouslyAllowHostHeaderOriginFallback') !== true
}
