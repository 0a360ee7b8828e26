import { defineCheck, type Check, type Flaw } from '../../check.ts'
import { flagAt, textAt } from '../../config-values.ts'
import type { ConfigFacts } from '../../facts/config.ts'
import { gatewayAuth, isGuarded } from '../../gateway-auth.ts'
import { isReachable, listensBeyondLoopback } from '../../gateway-exposure.ts'
import { freshSecret } from '../../secret-reference.ts'
import { settingChanges } from '../../setting-change.ts'

const judge: Check<'config' | 'environment'>['judge'] = ({ config, environment }): Flaw[] => {
  const auth = gatewayAuth(config, environment)
  if (isGuarded(auth)) return []
  const saw = auth.mode === 'none' ? 'mode none: nobody is asked' : `mode ${auth.mode}, and no ${auth.mode} is set`
  // Without a token of its own the pinned gateway makes one up for each start; those before let everybody in.
  const severity = listensBeyondLoopback(config) || (auth.mode === 'none' && isReachable(config)) ? 'critical' : 'high'
  return [{ at: 'gateway.auth', saw, want: 'a token of at least 24 random characters', severity, covers: coveredBy(config) }]
}

export default defineCheck({
  id: 'gateway.auth-required',
  title: 'nobody uses the gateway without proving who they are',
  severity: 'high',
  why: 'whoever reaches the port, a program of this machine as well, runs tools, reads every session and changes the settings',
  source: 'OpenClaw docs, gateway/security/audit-checks; guide 1, authentication',
  needs: ['config', 'environment'],
  judge,
  fix: {
    risk: 'restart',
    part: 'gateway',
    plan: (facts) => {
      if (judge(facts).length === 0) return []
      const isBlank = textAt(facts.config, 'gateway.auth.mode') === undefined
      return settingChanges(facts.config, [...(isBlank ? [] : [{ at: ['gateway', 'auth', 'mode'], to: 'token' }]), { at: ['gateway', 'auth', 'token'], to: freshSecret }])
    },
  },
  examples: {
    pass: {
      token: { config: { gateway: { auth: { mode: 'token', token: '${GATEWAY_TOKEN}' } } } },
      fromEnvironment: { config: { gateway: { bind: 'lan' } }, files: { '$STATE/.env': 'OPENCLAW_GATEWAY_TOKEN=from-a-vault\n' } },
      reference: { config: { gateway: { auth: { token: { source: 'file', provider: 'vault', id: '/gateway' } } } } },
      proxy: { config: { gateway: { auth: { mode: 'trusted-proxy' } } } },
    },
    fail: {
      nothing: { config: {} },
      lan: { config: { gateway: { bind: 'lan', auth: {} } } },
      none: { config: { gateway: { auth: { mode: 'none', token: '${GATEWAY_TOKEN}' } } } },
      passwordMissing: { config: { gateway: { auth: { mode: 'password' } } } },
    },
  },
})

/** OpenClaw tells this one fault under as many ids as it has doors. */
function coveredBy(config: ConfigFacts): string[] {
  const ids = ['gateway.http.no_auth']
  if (listensBeyondLoopback(config)) ids.push('gateway.bind_no_auth')
  else if (flagAt(config, 'gateway.controlUi.enabled') !== false) ids.push('gateway.loopback_no_auth')
  if (flagAt(config, 'browser.enabled') !== false) ids.push('browser.control_no_auth')
  return ids
}
