import { defineCheck } from '../../check.ts'
import { literalAt } from '../../gateway-auth.ts'
import { intoEnvironment } from '../../plaintext-settings.ts'
import type { ConfigFacts } from '../../facts/config.ts'

const at = ['gateway', 'auth', 'password']

export default defineCheck({
  id: 'secrets.gateway-password-elsewhere',
  title: 'the password of the gateway does not stand in openclaw.json',
  severity: 'low',
  why: 'a password people choose is used elsewhere as well; who reads the file, or a backup of it, has it',
  source: 'OpenClaw docs, gateway/security/audit-checks',
  covers: ['config.secrets.gateway_password_in_config'],
  needs: ['config', 'environment'],
  judge: ({ config }) => (isThere(config) ? [{ at: at.join('.'), saw: 'a password', want: 'a reference, or OPENCLAW_GATEWAY_PASSWORD' }] : []),
  fix: { risk: 'restart', part: 'secrets', plan: (facts) => (isThere(facts.config) ? intoEnvironment(facts, [{ at, what: 'password' }]) : []) },
  examples: {
    pass: { reference: { config: { gateway: { auth: { password: '${GATEWAY_PASSWORD}' } } } }, none: { config: {} } },
    fail: { plain: { config: { gateway: { auth: { mode: 'password', password: 'q7Vd-2mXc-9rLp-4tKz-8wBn' } } } } },
  },
})

function isThere(config: ConfigFacts): boolean {
  return (literalAt(config, at.join('.')) ?? '').trim() !== ''
}
