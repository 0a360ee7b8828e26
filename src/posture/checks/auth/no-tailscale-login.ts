import { defineCheck } from '../../check.ts'
import { textAt } from '../../config-values.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'auth.no-tailscale-login',
  title: 'being in the tailnet is not enough to log in',
  severity: 'medium',
  why: 'every device of the tailnet is let in by its name alone, also one that was taken over',
  source: 'OpenClaw docs, gateway/tailscale',
  ...settingRule({
    at: 'gateway.auth.allowTailscale',
    // `serve` switches it on by itself unless a password is asked for (docs, gateway/tailscale).
    isWrong: (value, config) =>
      value === true ||
      (value === undefined &&
        textAt(config, 'gateway.tailscale.mode') === 'serve' &&
        !['password', 'trusted-proxy'].includes(textAt(config, 'gateway.auth.mode') ?? '')),
    to: false,
  }),
  examples: {
    pass: {
      default: { config: { gateway: {} } },
      serveWithLogin: { config: { gateway: { tailscale: { mode: 'serve' }, auth: { allowTailscale: false } } } },
    },
    fail: {
      on: { config: { gateway: { auth: { allowTailscale: true } } } },
      byServe: { config: { gateway: { tailscale: { mode: 'serve' } } } },
    },
  },
})
