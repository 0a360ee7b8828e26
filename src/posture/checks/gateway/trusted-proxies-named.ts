import { defineCheck } from '../../check.ts'
import { flagAt, listAt } from '../../config-values.ts'
import { listensBeyondLoopback } from '../../gateway-exposure.ts'

export default defineCheck({
  id: 'gateway.trusted-proxies-named',
  title: 'proxies in front of the gateway are named',
  severity: 'info',
  why: 'behind a proxy that nobody named every visitor looks like this machine, or like nobody',
  source: 'OpenClaw docs, gateway/security/network-exposure',
  covers: ['gateway.trusted_proxies_missing'],
  needs: ['config'],
  judge({ config }) {
    const isAsked = !listensBeyondLoopback(config) && flagAt(config, 'gateway.controlUi.enabled') !== false
    return isAsked && listAt(config, 'gateway.trustedProxies').length === 0
      ? [{ at: 'gateway.trustedProxies', saw: 'no address', want: 'the addresses of the proxy; nothing to do where there is none' }]
      : []
  },
  manual: "openclaw config set gateway.trustedProxies '[\"ADDRESS\"]' --strict-json, with the address of your reverse proxy, if you have one",
  examples: {
    pass: {
      named: { config: { gateway: { trustedProxies: ['10.0.0.2'] } } },
      noControlUi: { config: { gateway: { controlUi: { enabled: false } } } },
    },
    fail: { none: { config: { gateway: { bind: 'loopback' } } } },
  },
})
