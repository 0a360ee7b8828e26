import { defineCheck } from '../../check.ts'
import { severityWhenReachable } from '../../gateway-exposure.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'control-ui.no-insecure-auth',
  title: 'the Control UI asks for a paired device on plain HTTP too',
  severity: 'high',
  why: 'without a device identity the token alone opens everything, and on plain HTTP it can be read',
  source: 'OpenClaw 2026.1.30, security audit; retired since, and obeyed by the versions before',
  covers: ['gateway.control_ui.insecure_auth'],
  ...settingRule({
    at: 'gateway.controlUi.allowInsecureAuth',
    isWrong: (value) => value === true,
    to: undefined,
    severity: severityWhenReachable('high', 'medium'),
  }),
  examples: {
    pass: {
      default: { config: { gateway: {} } },
      off: { config: { gateway: { controlUi: { allowInsecureAuth: false } } } },
    },
    fail: {
      on: { config: { gateway: { controlUi: { allowInsecureAuth: true } } } },
      reachable: { config: { gateway: { bind: 'lan', controlUi: { allowInsecureAuth: true } } } },
    },
  },
})
