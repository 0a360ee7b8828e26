import { defineCheck } from '../../check.ts'
import { flagAt } from '../../config-values.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'hooks.path-of-their-own',
  title: 'hooks have a path of their own',
  severity: 'high',
  why: 'at / they stand in front of every other page of the gateway and take its requests',
  source: 'OpenClaw docs, gateway/config-hooks; audit-checks',
  covers: ['hooks.path_root'],
  ...settingRule({
    at: 'hooks.path',
    isWrong: (value, config) => flagAt(config, 'hooks.enabled') === true && typeof value === 'string' && value.trim() === '/',
    to: '/hooks',
  }),
  examples: {
    pass: {
      default: { config: { hooks: { enabled: true, defaultSessionKey: 'hook:x' } } },
      own: { config: { hooks: { enabled: true, path: '/in' } } },
    },
    fail: {
      root: { config: { hooks: { enabled: true, path: '/' } } },
    },
  },
})
