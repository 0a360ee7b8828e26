import { modelChoices } from '../../agent-models.ts'
import { defineCheck } from '../../check.ts'

// Families their makers have withdrawn or replaced. OpenClaw's own audit names the same.
const legacy = /\bgpt-3\.5\b|\bclaude-(?:instant|2)\b|\bgpt-4-(?:0314|0613)\b/i

export default defineCheck({
  id: 'models.no-legacy',
  title: 'no agent runs a model of an older generation',
  severity: 'medium',
  why: 'older models follow what a page or a mail tells them more readily, and know less about refusing a tool call',
  source: 'OpenClaw docs, gateway/security/audit-checks',
  covers: ['models.legacy'],
  needs: ['config'],
  judge: ({ config }) => modelChoices(config).filter(({ model }) => legacy.test(model)).map(({ at, model }) => ({ at, saw: model, want: 'a present model' })),
  manual: 'openclaw models set PROVIDER/MODEL',
  examples: {
    pass: { present: { config: { agents: { defaults: { model: { primary: 'openai/gpt-5.2' } } } } } },
    fail: {
      old: { config: { agents: { defaults: { model: { primary: 'openai/gpt-3.5-turbo' } } } } },
      fallback: { config: { agents: { entries: { a: { model: { primary: 'openai/gpt-5.2', fallbacks: ['anthropic/claude-2'] } } } } } },
    },
  },
})
