import { defineCheck } from '../../check.ts'
import { cleanedResidueRule } from '../../residue-rule.ts'

const made = `sk-ant-api03-${'Zk4xQ9vLm2Tb7Rw1Yc8Hd3Nf6Ps0Gj5'.repeat(3)}AA`

export default defineCheck({
  id: 'secrets.none-in-settings-files',
  title: 'settings beside the configuration hold no keys',
  severity: 'high',
  why: 'they are copied, committed and shared like any other file',
  source: 'guide 1, secrets: never put keys in configuration files',
  ...cleanedResidueRule('settings'),
  examples: {
    pass: { clean: { config: {}, files: { '$STATE/config.yaml': 'api_key: ${ANTHROPIC_API_KEY}\n' } }, none: { config: {} } },
    fail: { key: { config: {}, files: { '$STATE/config.yaml': `api_key: ${made}\n` } } },
  },
})
