import { defineCheck } from '../../check.ts'
import { listAt, textAt } from '../../config-values.ts'

export default defineCheck({
  id: 'auth.proxy-users-listed',
  title: 'the people the proxy may let in are listed',
  severity: 'medium',
  why: 'everybody with an account at the proxy, the intern and the contractor too, runs the installation',
  source: 'OpenClaw docs, gateway/trusted-proxy-auth',
  covers: ['gateway.trusted_proxy_no_allowlist'],
  needs: ['config'],
  judge: ({ config }) =>
    textAt(config, 'gateway.auth.mode') === 'trusted-proxy' && listAt(config, 'gateway.auth.trustedProxy.allowUsers').length === 0
      ? [{ at: 'gateway.auth.trustedProxy.allowUsers', saw: 'nobody is listed, so everybody may', want: 'the people it is for' }]
      : [],
  manual: "openclaw config set gateway.auth.trustedProxy.allowUsers '[\"you@example.com\"]' --strict-json",
  examples: {
    pass: { listed: { config: { gateway: { auth: { mode: 'trusted-proxy', trustedProxy: { allowUsers: ['a@example.com'] } } } } }, token: { config: {} } },
    fail: { everybody: { config: { gateway: { auth: { mode: 'trusted-proxy', trustedProxy: { userHeader: 'x-user' } } } } } },
  },
})
