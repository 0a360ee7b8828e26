import { defineCheck } from '../../check.ts'
import { textAt } from '../../config-values.ts'

export default defineCheck({
  id: 'auth.trusted-proxy-verified',
  title: 'a proxy that logs people in was looked at by a person',
  severity: 'low',
  why: 'the proxy alone decides who comes in: if it passes on a header a client sent, or the port is reachable past it, anybody is anybody',
  source: 'OpenClaw docs, gateway/trusted-proxy-auth',
  covers: ['gateway.trusted_proxy_auth'],
  needs: ['config'],
  judge: ({ config }) =>
    textAt(config, 'gateway.auth.mode') === 'trusted-proxy'
      ? [{ at: 'gateway.auth.mode', saw: 'trusted-proxy', want: 'a proxy that overwrites its header, and no way around it' }]
      : [],
  manual: 'send the user header yourself, through the proxy and straight to the port: neither may let you in (curl -H "x-forwarded-user: somebody")',
  examples: {
    pass: { token: { config: { gateway: { auth: { mode: 'token' } } } } },
    fail: { proxy: { config: { gateway: { auth: { mode: 'trusted-proxy', trustedProxy: { userHeader: 'x-user' } } } } } },
  },
})
