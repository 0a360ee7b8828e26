import { defineCheck } from '../../check.ts'
import { cleanedResidueRule } from '../../residue-rule.ts'

const made = `sk-ant-api03-${'Zk4xQ9vLm2Tb7Rw1Yc8Hd3Nf6Ps0Gj5'.repeat(3)}AA`

export default defineCheck({
  id: 'secrets.none-in-logs',
  title: 'logs hold no keys',
  severity: 'medium',
  why: 'logs are sent to whoever helps, and to wherever logs are collected',
  source: 'guide 1, secrets; OpenClaw docs, gateway/logging',
  ...cleanedResidueRule('log'),
  examples: {
    pass: { clean: { config: {}, files: { '$STATE/logs/gateway.log': '12:00 ready\n' } }, none: { config: {} } },
    fail: { key: { config: {}, files: { '$STATE/logs/gateway.log': { text: `12:00 request with ${made}\n`, modifiedMs: Date.UTC(2026, 10, 1) } } } },
  },
})
