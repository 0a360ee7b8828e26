import { defineCheck } from '../../check.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'logging.no-debug-level',
  title: 'the log does not hold everything that passes',
  severity: 'low',
  why: 'at debug and trace whole requests land on the disk, with what people wrote',
  source: 'OpenClaw docs, gateway/logging',
  ...settingRule({
    at: 'logging.level',
    isWrong: (value) => value === 'debug' || value === 'trace',
    to: 'info',
  }),
  examples: {
    pass: {
      default: { config: { logging: {} } },
      info: { config: { logging: { level: 'info' } } },
    },
    fail: {
      debug: { config: { logging: { level: 'debug' } } },
      trace: { config: { logging: { level: 'trace' } } },
    },
  },
})
