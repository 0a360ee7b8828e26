import { defineCheck } from '../../check.ts'
import { gatewaySecretRule } from '../../gateway-secrets.ts'

export default defineCheck({
  id: 'gateway.password-not-placeholder',
  title: 'the password of the gateway is not one from an example',
  severity: 'critical',
  why: 'words of examples and forms are what everybody tries first',
  source: 'OpenClaw docs, gateway/security/audit-checks',
  covers: ['gateway.password_placeholder_value', 'gateway.password_too_short'],
  ...gatewaySecretRule('password', 'placeholder'),
  examples: {
    pass: { reference: { config: { gateway: { auth: { mode: 'password', password: '${GATEWAY_SECRET}' } } } }, otherMode: { config: { gateway: { auth: { mode: 'none', password: 'undefined' } } } } },
    fail: {
      undefined: { config: { gateway: { auth: { mode: 'password', password: 'undefined' } } } },
      example: { config: { gateway: { auth: { mode: 'password', password: 'change-me-now' } } } },
    },
  },
})
