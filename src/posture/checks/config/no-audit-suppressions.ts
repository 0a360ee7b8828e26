import { defineCheck } from '../../check.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'config.no-audit-suppressions',
  title: "no finding of OpenClaw's own audit is hidden",
  severity: 'low',
  why: 'what is suppressed stays hidden when it becomes true for another reason',
  source: 'OpenClaw docs, gateway/security/running-the-audit',
  covers: ['security.audit.suppressions.active', 'config.insecure_or_dangerous_flags'],
  ...settingRule({
    at: 'security.audit.suppressions',
    isWrong: (value) => Array.isArray(value) && value.length > 0,
    to: undefined,
    saw: 'findings are suppressed',
  }),
  examples: {
    pass: {
      none: { config: { security: { audit: { suppressions: [] } } } },
      default: { config: {} },
    },
    fail: {
      some: { config: { security: { audit: { suppressions: [{ checkId: 'gateway.bind_no_auth' }] } } } },
    },
  },
})
