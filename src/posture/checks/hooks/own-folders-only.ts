import { defineCheck } from '../../check.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'hooks.own-folders-only',
  title: "hooks are loaded from OpenClaw's own folders only",
  severity: 'medium',
  why: 'code in a listed folder runs inside the gateway: whoever may write there is the gateway',
  source: 'OpenClaw 2026.9.6, hooks.internal.load',
  ...settingRule({
    at: 'hooks.internal.load.extraDirs',
    isWrong: (value) => Array.isArray(value) && value.length > 0,
    to: undefined,
    saw: 'more folders code is loaded from',
  }),
  examples: {
    pass: {
      default: { config: { hooks: { internal: { enabled: true } } } },
      empty: { config: { hooks: { internal: { load: { extraDirs: [] } } } } },
    },
    fail: {
      more: { config: { hooks: { internal: { load: { extraDirs: ['/srv/hooks'] } } } } },
    },
  },
})
