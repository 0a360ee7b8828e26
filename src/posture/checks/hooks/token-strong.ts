import { defineCheck } from '../../check.ts'
import { flagAt } from '../../config-values.ts'
import { weakness } from '../../gateway-secrets.ts'
import { freshSecret, isSecretReference } from '../../secret-reference.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'hooks.token-strong',
  title: 'the token of hooks is too long to be guessed',
  severity: 'medium',
  why: 'a short token, or one from an example, is found by trying; behind it agents run what the caller writes',
  source: 'OpenClaw docs, gateway/security/audit-checks',
  covers: ['hooks.token_too_short'],
  ...settingRule({
    at: 'hooks.token',
    isWrong: (value, config) => flagAt(config, 'hooks.enabled') === true && typeof value === 'string' && value.trim() !== '' && !isSecretReference(value) && weakness(value) !== null,
    to: freshSecret,
    saw: 'a short, repetitive or well-known token',
    want: 'at least 24 random characters',
  }),
  examples: {
    pass: { long: { config: { hooks: { enabled: true, token: 'q7Vd-2mXc-9rLp-4tKz-8wBn-5yHs' } } }, off: { config: { hooks: { token: 'short' } } } },
    fail: { short: { config: { hooks: { enabled: true, token: 'short' } } }, example: { config: { hooks: { enabled: true, token: 'change-me-to-a-long-random-token' } } } },
  },
})
