import { defineCheck } from '../../check.ts'
import { cleanedResidueRule } from '../../residue-rule.ts'

const made = `sk-ant-api03-${'Zk4xQ9vLm2Tb7Rw1Yc8Hd3Nf6Ps0Gj5'.repeat(3)}AA`

export default defineCheck({
  id: 'secrets.none-in-sessions',
  title: 'transcripts of sessions hold no keys',
  severity: 'medium',
  why: 'what an agent read or was told stays in its transcript: a later injection only has to ask for it',
  source: 'guide 1, secrets; OpenClaw docs, reference/transcript-hygiene',
  ...cleanedResidueRule('session'),
  examples: {
    pass: { clean: { config: {}, files: { '$STATE/agents/main/sessions/a.jsonl': '{"role":"user","content":"hello"}\n' } }, none: { config: {} } },
    fail: { key: { config: {}, files: { '$STATE/agents/main/sessions/a.jsonl': { text: `{"role":"tool","content":"${made}"}\n`, modifiedMs: Date.UTC(2026, 10, 1) } } } },
  },
})
