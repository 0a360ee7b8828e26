import { defineCheck } from '../../check.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'logging.no-cache-trace',
  title: 'whole prompts are not written to the disk',
  severity: 'low',
  why: 'the trace of the prompt cache holds every prompt as it was sent, unredacted',
  source: 'OpenClaw docs, gateway/logging',
  ...settingRule({
    at: 'diagnostics.cacheTrace.enabled',
    isWrong: (value) => value === true,
    to: undefined,
  }),
  examples: {
    pass: {
      default: { config: { diagnostics: {} } },
    },
    fail: {
      on: { config: { diagnostics: { cacheTrace: { enabled: true } } } },
    },
  },
})
