import { defineCheck } from '../../check.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'hooks.mail-wrapped',
  title: 'mail reaches an agent as text of strangers',
  severity: 'high',
  why: 'a mail may give orders as if the operator had written them',
  source: 'OpenClaw docs, gateway/security/prompt-injection',
  covers: ['config.insecure_or_dangerous_flags'],
  ...settingRule({
    at: 'hooks.gmail.allowUnsafeExternalContent',
    isWrong: (value) => value === true,
    to: undefined,
  }),
  examples: {
    pass: {
      default: { config: { hooks: { gmail: { account: 'a@example.com' } } } },
    },
    fail: {
      on: { config: { hooks: { gmail: { allowUnsafeExternalContent: true } } } },
    },
  },
})
