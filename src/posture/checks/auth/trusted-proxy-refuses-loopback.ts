import { defineCheck } from '../../check.ts'
import { textAt } from '../../config-values.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'auth.trusted-proxy-refuses-loopback',
  title: 'programs of this machine cannot claim to be the proxy',
  severity: 'medium',
  why: 'whatever runs here, an agent with a shell as well, sends the header of the proxy and is anybody',
  source: 'OpenClaw docs, gateway/trusted-proxy-auth',
  covers: ['gateway.trusted_proxy_allow_loopback'],
  ...settingRule({
    at: 'gateway.auth.trustedProxy.allowLoopback',
    isWrong: (value, config) => value === true && textAt(config, 'gateway.auth.mode') === 'trusted-proxy',
    to: undefined,
  }),
  examples: {
    pass: {
      default: { config: { gateway: { auth: { mode: 'trusted-proxy' } } } },
      token: { config: { gateway: { auth: { mode: 'token', trustedProxy: { allowLoopback: true } } } } },
    },
    fail: {
      on: { config: { gateway: { auth: { mode: 'trusted-proxy', trustedProxy: { allowLoopback: true, userHeader: 'x-user' } } } } },
    },
  },
})
