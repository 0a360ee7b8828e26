import { defineCheck } from '../../check.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'control-ui.no-external-embeds',
  title: 'the Control UI shows no pages of strangers',
  severity: 'low',
  why: 'an agent that was talked into it shows a login page that is not yours, inside your own tool',
  source: 'OpenClaw docs, gateway/config-gateway',
  ...settingRule({
    at: 'gateway.controlUi.allowExternalEmbedUrls',
    isWrong: (value) => value === true,
    to: undefined,
  }),
  examples: {
    pass: {
      default: { config: { gateway: {} } },
    },
    fail: {
      on: { config: { gateway: { controlUi: { allowExternalEmbedUrls: true } } } },
    },
  },
})
