import { defineCheck } from '../../check.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'logging.redaction-on',
  title: 'tool output is redacted in logs',
  severity: 'medium',
  why: 'keys an agent saw stand in the log, for everybody who is sent it',
  source: 'OpenClaw 2026.1.30, security audit; always on since 2026.9, and obeyed by the versions before',
  covers: ['logging.redact_off'],
  ...settingRule({
    at: 'logging.redactSensitive',
    isWrong: (value) => value === 'off' || value === false,
    to: undefined,
  }),
  examples: {
    pass: {
      default: { config: { logging: {} } },
      tools: { config: { logging: { redactSensitive: 'tools' } } },
    },
    fail: {
      off: { config: { logging: { redactSensitive: 'off' } } },
    },
  },
})
