import { defineCheck, type Check, type Flaw } from '../../check.ts'
import { flagAt } from '../../config-values.ts'
import { gatewayAuth, literalAt } from '../../gateway-auth.ts'
import { freshSecret } from '../../secret-reference.ts'
import { settingChanges } from '../../setting-change.ts'

const judge: Check<'config' | 'environment'>['judge'] = ({ config, environment }): Flaw[] => {
  const token = literalAt(config, 'hooks.token')?.trim()
  if (flagAt(config, 'hooks.enabled') !== true || !token) return []
  const auth = gatewayAuth(config, environment)
  const same = [auth.token, auth.password].some((credential) => credential.kind === 'value' && credential.value === token)
  const inFile = environment.lines.some(({ name, value }) => /^OPENCLAW_GATEWAY_(?:TOKEN|PASSWORD)$/.test(name) && value === token)
  return same || inFile ? [{ at: 'hooks.token', saw: 'the secret of the gateway', want: 'a token of its own' }] : []
}

export default defineCheck({
  id: 'hooks.own-token',
  title: 'hooks have a token of their own',
  severity: 'critical',
  why: 'whoever was given the token to send a webhook is the operator: the same word opens the gateway',
  source: 'OpenClaw docs, gateway/security/audit-checks',
  covers: ['hooks.token_reuse_gateway_token'],
  needs: ['config', 'environment'],
  judge,
  fix: { risk: 'restart', part: 'gateway', plan: (facts) => (judge(facts).length === 0 ? [] : settingChanges(facts.config, [{ at: ['hooks', 'token'], to: freshSecret }])) },
  examples: {
    pass: {
      own: { config: { gateway: { auth: { token: 'for-the-gateway' } }, hooks: { enabled: true, token: 'for-the-hooks' } } },
      off: { config: { gateway: { auth: { token: 'the-same' } }, hooks: { token: 'the-same' } } },
    },
    fail: {
      same: { config: { gateway: { auth: { token: 'the-same' } }, hooks: { enabled: true, token: 'the-same' } } },
      inEnvironment: { config: { hooks: { enabled: true, token: 'the-same' } }, files: { '$STATE/.env': 'OPENCLAW_GATEWAY_TOKEN=the-same\n' } },
    },
  },
})
