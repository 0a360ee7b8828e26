import { modelChoices } from '../../agent-models.ts'
import { defineCheck } from '../../check.ts'

export default defineCheck({
  id: 'models.strong-tier',
  title: 'agents with tools run models of the first tier',
  severity: 'low',
  why: 'smaller and older models are talked into tool calls more easily: the same injection that fails on a large one works',
  source: 'OpenClaw docs, gateway/security/prompt-injection',
  covers: ['models.weak_tier'],
  needs: ['config'],
  judge: ({ config }) =>
    modelChoices(config)
      .map(({ at, model }) => ({ at, model, why: weakness(model) }))
      .flatMap(({ at, model, why }) => (why === null ? [] : [{ at, saw: `${model}: ${why}`, want: 'GPT 5 or later, Claude 4.5 or later, or their like' }])),
  manual: 'openclaw models set PROVIDER/MODEL',
  examples: {
    pass: {
      claude: { config: { agents: { defaults: { model: { primary: 'anthropic/claude-opus-4-5' } } } } },
      venice: { config: { agents: { defaults: { model: { primary: 'venice/claude-opus-45' } } } } },
      gpt: { config: { agents: { defaults: { model: 'openai/gpt-5.2-mini' } } } },
    },
    fail: {
      haiku: { config: { agents: { defaults: { model: { primary: 'anthropic/claude-haiku-4-5' } } } } },
      older: { config: { agents: { defaults: { model: 'openai/gpt-4o' } } } },
      alias: { config: { agents: { defaults: { model: 'fast', models: { 'anthropic/claude-3-5-sonnet': { alias: 'fast' } } } } } },
    },
  },
})

function weakness(model: string): string | null {
  if (/\bhaiku\b/i.test(model)) return 'the smallest of its family'
  if (/\bgpt-/i.test(model) && !/\bgpt-(?:[5-9]|\d{2})(?:\b|[.-])/i.test(model)) return 'older than GPT 5'
  return /\bclaude-/i.test(model) && !isClaude45(model) ? 'older than Claude 4.5' : null
}

/** `claude-opus-4-5`, `claude-4.6-sonnet`, `claude-opus-45`, `claude-sonnet-5`. */
function isClaude45(model: string): boolean {
  const name = /\bclaude-\S*/i.exec(model)?.[0].replace(/-?20\d{6}\b/, '') ?? ''
  return [...name.matchAll(/(?<![\d.])(\d)[-.]?(\d)?(?!\d)/g)].some(([, major, minor]) => Number(major) > 4 || (major === '4' && Number(minor ?? 0) >= 5))
}
