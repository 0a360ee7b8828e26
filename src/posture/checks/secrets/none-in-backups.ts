import { defineCheck } from '../../check.ts'
import { cleanedResidueRule } from '../../residue-rule.ts'

const made = `sk-ant-api03-${'Zk4xQ9vLm2Tb7Rw1Yc8Hd3Nf6Ps0Gj5'.repeat(3)}AA`

export default defineCheck({
  id: 'secrets.none-in-backups',
  title: 'copies of the configuration hold no keys',
  severity: 'high',
  why: 'OpenClaw keeps the last five configurations: a key that was moved out long ago is still in them',
  source: 'guide 1, secrets; seen with OpenClaw 2026.9.6',
  ...cleanedResidueRule('backup'),
  examples: {
    pass: { clean: { config: {}, files: { '$STATE/openclaw.json.bak.1': '{ "gateway": {} }\n' } }, none: { config: {} } },
    fail: { key: { config: {}, files: { '$STATE/openclaw.json.bak.1': `{ "models": { "providers": { "anthropic": { "apiKey": "${made}" } } } }\n` } } },
  },
})
