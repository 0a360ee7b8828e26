import { defineCheck } from '../../check.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'config.no-shell-environment',
  title: 'the environment of a login shell stays outside',
  severity: 'low',
  why: 'every key a person exports for their own work is there for agents too',
  source: 'OpenClaw docs, gateway/config-secrets-env',
  ...settingRule({
    at: 'env.shellEnv.enabled',
    isWrong: (value) => value === true,
    to: undefined,
  }),
  examples: {
    pass: {
      default: { config: { env: {} } },
    },
    fail: {
      on: { config: { env: { shellEnv: { enabled: true } } } },
    },
  },
})
