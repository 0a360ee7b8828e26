import { defineCheck } from '../../check.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'logging.no-content-in-telemetry',
  title: 'telemetry does not carry what people write',
  severity: 'medium',
  why: 'messages and tool output leave for wherever telemetry is collected',
  source: 'OpenClaw docs, gateway/opentelemetry',
  ...settingRule({
    at: 'diagnostics.otel.captureContent',
    isWrong: (value) => value === true,
    to: undefined,
  }),
  examples: {
    pass: {
      default: { config: { diagnostics: { otel: { enabled: true } } } },
    },
    fail: {
      on: { config: { diagnostics: { otel: { enabled: true, captureContent: true } } } },
    },
  },
})
