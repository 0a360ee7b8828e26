import { defineCheck } from '../../check.ts'
import { textAt } from '../../config-values.ts'
import { listensBeyondLoopback } from '../../gateway-exposure.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'gateway.auth-rate-limited',
  title: 'failed logins are slowed down where the gateway is reachable',
  severity: 'medium',
  why: 'without a limit a password is guessed at thousands of tries a second',
  source: 'OpenClaw docs, gateway/security/audit-checks',
  covers: ['gateway.auth_no_rate_limit'],
  ...settingRule({
    at: 'gateway.auth.rateLimit',
    isWrong: (value, config) => value === undefined && listensBeyondLoopback(config) && textAt(config, 'gateway.auth.mode') !== 'trusted-proxy',
    // The values OpenClaw's own audit recommends.
    to: { maxAttempts: 10, windowMs: 60_000, lockoutMs: 300_000 },
    want: 'ten attempts a minute, then five minutes of nothing',
  }),
  examples: {
    pass: {
      loopback: { config: { gateway: { bind: 'loopback' } } },
      limited: { config: { gateway: { bind: 'lan', auth: { rateLimit: { maxAttempts: 5 } } } } },
      proxied: { config: { gateway: { bind: 'lan', auth: { mode: 'trusted-proxy' } } } },
    },
    fail: {
      lan: { config: { gateway: { bind: 'lan' } } },
      olderSpelling: { config: { gateway: { bind: '0.0.0.0' } } },
    },
  },
})
