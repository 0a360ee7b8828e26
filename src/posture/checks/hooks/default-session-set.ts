import { defineCheck } from '../../check.ts'
import { flagAt } from '../../config-values.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'hooks.default-session-set',
  title: 'hook runs land in one known session',
  severity: 'low',
  why: 'each call opens a session of its own: what a caller started is nowhere to be found together',
  source: 'OpenClaw docs, gateway/config-hooks; audit-checks',
  covers: ['hooks.default_session_key_unset'],
  ...settingRule({
    at: 'hooks.defaultSessionKey',
    isWrong: (value, config) => flagAt(config, 'hooks.enabled') === true && (typeof value !== 'string' || value.trim() === ''),
    to: 'hook:ingress',
  }),
  examples: {
    pass: {
      off: { config: { hooks: {} } },
      set: { config: { hooks: { enabled: true, defaultSessionKey: 'hook:mail' } } },
    },
    fail: {
      unset: { config: { hooks: { enabled: true, path: '/hooks' } } },
    },
  },
})
