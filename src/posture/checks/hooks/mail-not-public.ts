import { defineCheck } from '../../check.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'hooks.mail-not-public',
  title: 'mail hooks are not published through Funnel',
  severity: 'medium',
  why: 'the address mail is pushed to stands on the public internet, with a token for all its guard',
  source: 'OpenClaw docs, automation/gmail-pubsub',
  ...settingRule({
    at: 'hooks.gmail.tailscale.mode',
    isWrong: (value) => value === 'funnel',
    to: 'off',
  }),
  examples: {
    pass: {
      off: { config: { hooks: { gmail: { tailscale: { mode: 'off' } } } } },
      default: { config: { hooks: {} } },
    },
    fail: {
      funnel: { config: { hooks: { gmail: { tailscale: { mode: 'funnel' } } } } },
    },
  },
})
