import { defineCheck } from '../../check.ts'
import { gatewaySecretRule } from '../../gateway-secrets.ts'

export default defineCheck({
  id: 'gateway.password-strong',
  title: 'the password of the gateway is too long to be guessed',
  severity: 'medium',
  why: 'a short or repetitive password is found by trying',
  source: 'OpenClaw docs, gateway/security/audit-checks; NIST SP 800-131A',
  covers: ['gateway.password_too_short'],
  ...gatewaySecretRule('password', 'weak'),
  examples: {
    pass: { long: { config: { gateway: { auth: { mode: 'password', password: 'q7Vd-2mXc-9rLp-4tKz-8wBn-5yHs' } } } }, elsewhere: { config: { gateway: { auth: { mode: 'password', password: { source: 'env', id: 'X' } } } } } },
    fail: { short: { config: { gateway: { auth: { mode: 'password', password: 'q7Vd-2mXc-9r' } } } }, repetitive: { config: { gateway: { auth: { mode: 'password', password: 'abcabcabcabcabcabcabcabcabc' } } } } },
  },
})
