import { defineCheck } from '../../check.ts'
import { flagAt } from '../../config-values.ts'
import type { ConfigFacts } from '../../facts/config.ts'
import { bindOf, listensBeyondLoopback } from '../../gateway-exposure.ts'
import { settingChanges } from '../../setting-change.ts'

export default defineCheck({
  id: 'gateway.tls-beyond-loopback',
  title: 'the gateway speaks TLS where others reach its port',
  severity: 'medium',
  why: 'the token travels in clear text through the network: whoever listens has it',
  source: 'OpenClaw docs, gateway/security/network-exposure; guide 2, TLS',
  needs: ['config'],
  judge: ({ config }) => (isPlain(config) ? [{ at: 'gateway.tls.enabled', saw: 'off', want: 'on, or loopback behind a proxy that speaks TLS' }] : []),
  fix: {
    risk: 'restart',
    part: 'gateway',
    // A certificate of its own making would have every browser and every client of before turned away; loopback is what
    // the check of the address wants as well.
    plan: ({ config }) => (isPlain(config) ? settingChanges(config, [{ at: ['gateway', 'bind'], to: 'loopback' }]) : []),
  },
  examples: {
    pass: {
      loopback: { config: { gateway: {} } },
      tls: { config: { gateway: { bind: 'lan', tls: { enabled: true } } } },
      // WireGuard encrypts what goes through Tailscale.
      tailnet: { config: { gateway: { bind: 'tailnet' } } },
    },
    fail: { lan: { config: { gateway: { bind: 'lan' } } }, switchedOff: { config: { gateway: { bind: '0.0.0.0', tls: { enabled: false } } } } },
  },
})

function isPlain(config: ConfigFacts): boolean {
  return listensBeyondLoopback(config) && bindOf(config) !== 'tailnet' && flagAt(config, 'gateway.tls.enabled') !== true
}
