import { modelChoices, smallBy, strangersTools, type ModelChoice } from '../../agent-models.ts'
import { defineCheck } from '../../check.ts'
import type { ConfigFacts } from '../../facts/config.ts'
import { settingChanges } from '../../setting-change.ts'
import { wordsAt } from '../../config-values.ts'

const denied = ['group:web', 'browser']

export default defineCheck({
  id: 'models.small-ones-read-no-strangers',
  title: 'small models do not read web pages',
  severity: 'high',
  why: 'a small model does what a page says: one link is enough to have its tools work for somebody else',
  source: 'OpenClaw docs, gateway/security/prompt-injection; audit-checks',
  covers: ['models.small_params'],
  needs: ['config'],
  judge: ({ config }) =>
    exposed(config).map((choice) => ({
      at: choice.at,
      saw: `${choice.model}: ${smallBy(choice.model)} billion parameters, with ${strangersTools(config, choice).join(', ')}`,
      want: 'no web or browser tools for it',
    })),
  fix: {
    risk: 'restart',
    part: 'gateway',
    plan: ({ config }) =>
      settingChanges(
        config,
        [...new Set(exposed(config).map(({ model }) => model))].map((model) => {
          const at = ['tools', 'byProvider', model, 'deny']
          return { at, to: [...new Set([...wordsAt(config, at), ...denied])] }
        }),
      ),
  },
  examples: {
    pass: {
      off: {
        config: {
          agents: { defaults: { model: { primary: 'ollama/mistral-8b' } } },
          tools: { web: { search: { enabled: false }, fetch: { enabled: false } } },
          browser: { enabled: false },
        },
      },
      denied: { config: { agents: { defaults: { model: 'ollama/llama3.1:8b' } }, tools: { deny: ['group:web', 'browser'] } } },
      large: { config: { agents: { defaults: { model: 'x/deepseek-v3-671b' } } } },
    },
    fail: {
      web: { config: { agents: { defaults: { model: { primary: 'ollama/mistral-8b' } } }, tools: { web: { fetch: { enabled: true } } } } },
      oneAgent: { config: { agents: { entries: { helper: { model: 'ollama/qwen2.5:32b' } } } } },
    },
  },
})

function exposed(config: ConfigFacts): ModelChoice[] {
  return modelChoices(config).filter((choice) => !choice.isForImages && smallBy(choice.model) !== null && strangersTools(config, choice).length > 0)
}
