import { defineCheck } from '../../check.ts'
import { severityWhenReachable } from '../../gateway-exposure.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'control-ui.device-auth',
  title: 'the Control UI asks for a paired device',
  severity: 'high',
  why: 'the token alone, from a log or a shared screen, is enough to run the installation from anywhere',
  source: 'OpenClaw docs, gateway/security/network-exposure',
  covers: ['gateway.control_ui.device_auth_disabled', 'config.insecure_or_dangerous_flags'],
  ...settingRule({
    at: 'gateway.controlUi.dangerouslyDisableDeviceAuth',
    isWrong: (value) => value === true,
    to: undefined,
    severity: severityWhenReachable('critical', 'high'),
  }),
  examples: {
    pass: {
      default: { config: { gateway: {} } },
    },
    fail: {
      off: { config: { gateway: { controlUi: { dangerouslyDisableDeviceAuth: true } } } },
      reachable: { config: { gateway: { bind: 'lan', controlUi: { dangerouslyDisableDeviceAuth: true } } } },
    },
  },
})
