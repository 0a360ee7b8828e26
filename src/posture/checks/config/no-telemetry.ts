import { defineCheck } from '../../check.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'config.no-telemetry',
  title: 'no statistics leave with the update check',
  severity: 'info',
  why: 'channels, providers and the number of plugins of this installation become known to others',
  source: 'OpenClaw 2026.9.6, telemetry',
  ...settingRule({
    at: 'telemetry.enabled',
    isWrong: (value) => value === true,
    to: false,
  }),
  examples: {
    pass: {
      default: { config: {} },
      off: { config: { telemetry: { enabled: false } } },
    },
    fail: {
      on: { config: { telemetry: { enabled: true } } },
    },
  },
})
