import { defineCheck } from '../../check.ts'
import { gatewaySecretRule } from '../../gateway-secrets.ts'

export default defineCheck({
  id: 'gateway.token-not-placeholder',
  title: 'the token of the gateway is not one from an example',
  severity: 'critical',
  why: 'words of examples and forms are what everybody tries first',
  source: 'OpenClaw docs, gateway/security/audit-checks',
  covers: ['gateway.token_placeholder_value', 'gateway.token_too_short'],
  ...gatewaySecretRule('token', 'placeholder'),
  examples: {
    pass: { reference: { config: { gateway: { auth: { token: '${GATEWAY_SECRET}' } } } }, otherMode: { config: { gateway: { auth: { mode: 'none', token: 'undefined' } } } } },
    fail: {
      undefined: { config: { gateway: { auth: { mode: 'token', token: 'undefined' } } } },
      example: { config: { gateway: { auth: { token: 'change-me-now' } } } },
    },
  },
})
