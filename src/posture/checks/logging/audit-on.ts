import { defineCheck } from '../../check.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'logging.audit-on',
  title: 'runs and tools are recorded by OpenClaw itself',
  severity: 'medium',
  why: 'after an incident nobody can say what was run, when and for whom',
  source: 'OpenClaw docs, gateway/audit',
  ...settingRule({
    at: 'logging.audit.enabled',
    isWrong: (value) => value === false,
    to: undefined,
  }),
  examples: {
    pass: {
      default: { config: { logging: {} } },
    },
    fail: {
      off: { config: { logging: { audit: { enabled: false } } } },
      olderSpelling: { config: { audit: { enabled: false } } },
    },
  },
})
