import { defineCheck } from '../../check.ts'
import { gatewaySecretRule } from '../../gateway-secrets.ts'

export default defineCheck({
  id: 'gateway.token-strong',
  title: 'the token of the gateway is too long to be guessed',
  severity: 'medium',
  why: 'a short or repetitive token is found by trying',
  source: 'OpenClaw docs, gateway/security/audit-checks; NIST SP 800-131A',
  covers: ['gateway.token_too_short'],
  ...gatewaySecretRule('token', 'weak'),
  examples: {
    pass: { long: { config: { gateway: { auth: { token: 'q7Vd-2mXc-9rLp-4tKz-8wBn-5yHs' } } } }, elsewhere: { config: { gateway: { auth: { token: { source: 'env', id: 'X' } } } } } },
    fail: { short: { config: { gateway: { auth: { token: 'q7Vd-2mXc-9r' } } } }, repetitive: { config: { gateway: { auth: { token: 'abcabcabcabcabcabcabcabcabc' } } } } },
  },
})
