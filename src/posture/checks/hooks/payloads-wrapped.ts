import { isRecord } from '../../../base/index.ts'
import { defineCheck } from '../../check.ts'
import { listAt } from '../../config-values.ts'
import type { ConfigFacts } from '../../facts/config.ts'
import { settingRule } from '../../setting-rule.ts'

const isUnwrapped = (mapping: unknown): boolean => isRecord(mapping) && mapping['allowUnsafeExternalContent'] === true

export default defineCheck({
  id: 'hooks.payloads-wrapped',
  title: 'what hooks bring reaches an agent as text of strangers',
  severity: 'high',
  why: 'an issue title or a form field may give orders as if the operator had written them',
  source: 'OpenClaw docs, gateway/security/prompt-injection',
  covers: ['config.insecure_or_dangerous_flags'],
  ...settingRule({
    at: 'hooks.mappings',
    isWrong: (_, config) => listAt(config, 'hooks.mappings').some(isUnwrapped),
    to: (config: ConfigFacts) => listAt(config, 'hooks.mappings').map((mapping) => (isUnwrapped(mapping) ? wrapped(mapping) : mapping)),
    saw: 'a mapping with allowUnsafeExternalContent',
    want: 'mappings without it',
  }),
  examples: {
    pass: { wrapped: { config: { hooks: { mappings: [{ action: 'agent' }] } } } },
    fail: { unwrapped: { config: { hooks: { mappings: [{ action: 'agent' }, { action: 'agent', allowUnsafeExternalContent: true }] } } } },
  },
})

function wrapped(mapping: unknown): unknown {
  return Object.fromEntries(Object.entries(mapping as object).filter(([key]) => key !== 'allowUnsafeExternalContent'))
}
