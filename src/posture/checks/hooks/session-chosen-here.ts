import { defineCheck } from '../../check.ts'
import { flagAt } from '../../config-values.ts'
import { severityWhenReachable } from '../../gateway-exposure.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'hooks.session-chosen-here',
  title: 'hook callers do not choose the session',
  severity: 'medium',
  why: 'a caller names the session of somebody else and reads on in it',
  source: 'OpenClaw docs, gateway/config-hooks; audit-checks',
  covers: ['hooks.request_session_key_enabled', 'config.insecure_or_dangerous_flags'],
  ...settingRule({
    at: 'hooks.allowRequestSessionKey',
    isWrong: (value, config) => value === true && flagAt(config, 'hooks.enabled') === true,
    to: undefined,
    severity: severityWhenReachable('high', 'medium'),
  }),
  examples: {
    pass: {
      default: { config: { hooks: { enabled: true, path: '/hooks' } } },
      off: { config: { hooks: { allowRequestSessionKey: true } } },
    },
    fail: {
      on: { config: { hooks: { enabled: true, allowRequestSessionKey: true, allowedSessionKeyPrefixes: ['hook:'] } } },
      reachable: { config: { gateway: { bind: 'lan' }, hooks: { enabled: true, allowRequestSessionKey: true } } },
    },
  },
})
