import { defineCheck } from '../../check.ts'
import { listAt, textAt } from '../../config-values.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'auth.trusted-proxies-listed',
  title: 'the proxy that logs people in is named by its address',
  severity: 'high',
  why: 'without an address no request counts; with too many anybody is the proxy',
  source: 'OpenClaw docs, gateway/trusted-proxy-auth',
  covers: ['gateway.trusted_proxy_no_proxies'],
  ...settingRule({
    at: 'gateway.trustedProxies',
    isWrong: (_, config) => textAt(config, 'gateway.auth.mode') === 'trusted-proxy' && listAt(config, 'gateway.trustedProxies').length === 0,
    to: ['127.0.0.1'],
    saw: 'no address',
    want: 'the address of the proxy',
  }),
  examples: {
    pass: {
      named: { config: { gateway: { auth: { mode: 'trusted-proxy' }, trustedProxies: ['10.0.0.2'] } } },
      token: { config: { gateway: {} } },
    },
    fail: {
      none: { config: { gateway: { auth: { mode: 'trusted-proxy' } } } },
    },
  },
})
