import { defineCheck } from '../../check.ts'
import { flagAt } from '../../config-values.ts'
import { literalAt } from '../../gateway-auth.ts'
import { intoEnvironment } from '../../plaintext-settings.ts'
import type { ConfigFacts } from '../../facts/config.ts'

const at = ['hooks', 'token']

export default defineCheck({
  id: 'secrets.hooks-token-elsewhere',
  title: 'the token of hooks does not stand in openclaw.json',
  severity: 'info',
  why: 'it is handed to other services anyway; in the file it also goes into every backup',
  source: 'OpenClaw docs, gateway/security/audit-checks',
  covers: ['config.secrets.hooks_token_in_config'],
  needs: ['config', 'environment'],
  judge: ({ config }) => (isThere(config) ? [{ at: at.join('.'), saw: 'a token', want: '${NAME}: objects are not taken here' }] : []),
  fix: { risk: 'restart', part: 'secrets', plan: (facts) => (isThere(facts.config) ? intoEnvironment(facts, [{ at, what: 'token' }]) : []) },
  examples: {
    pass: { reference: { config: { hooks: { enabled: true, token: '${HOOKS_TOKEN}' } } }, off: { config: { hooks: { token: 'q7Vd-2mXc-9rLp-4tKz-8wBn' } } } },
    fail: { plain: { config: { hooks: { enabled: true, token: 'q7Vd-2mXc-9rLp-4tKz-8wBn' } } } },
  },
})

function isThere(config: ConfigFacts): boolean {
  return flagAt(config, 'hooks.enabled') === true && (literalAt(config, at.join('.')) ?? '').trim() !== ''
}
