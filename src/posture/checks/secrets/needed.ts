import type { LineChange } from '../../change.ts'
import { defineCheck } from '../../check.ts'
import type { ConfigFacts } from '../../facts/config.ts'
import type { EnvironmentFacts } from '../../facts/environment.ts'

const made = 'q8Wz3Rv6Tn1Xb5Ym9Kc2Lp7'

export default defineCheck({
  id: 'secrets.needed',
  title: 'every provider key that is there is used',
  severity: 'low',
  why: 'a key nobody uses can still be stolen, and nobody looks at its bill',
  source: 'guide 1, secrets: least privilege',
  needs: ['config', 'environment'],
  judge: ({ config, environment }) =>
    unneeded(config, environment).map(({ name }) => ({ at: `${environment.file}: ${name}`, saw: 'a key of a provider nothing refers to', want: 'nothing, and the key revoked' })),
  fix: {
    risk: 'restart',
    part: 'secrets',
    plan: ({ config, environment }) =>
      unneeded(config, environment).map(({ key, written }): LineChange => ({ kind: 'line', path: environment.file!, key, separator: '=', from: written, to: null })),
  },
  examples: {
    pass: {
      used: { config: { agents: { defaults: { model: 'anthropic/claude-opus-4-6' } } }, files: { '$STATE/.env': `ANTHROPIC_API_KEY=${made}\n` } },
      named: { config: { agents: { defaults: { model: 'x/y' } }, tts: { key: '${GROQ_API_KEY}' } }, files: { '$STATE/.env': `GROQ_API_KEY=${made}\n` } },
      noModels: { config: {}, files: { '$STATE/.env': `GROQ_API_KEY=${made}\n` } },
    },
    fail: { left: { config: { agents: { defaults: { model: 'anthropic/claude-opus-4-6' } } }, files: { '$STATE/.env': `ANTHROPIC_API_KEY=${made}\nMISTRAL_API_KEY=${made}\n` } } },
  },
})

// Providers whose key serves one provider only; those that also search, speak or draw are left out: they may be used unseen.
const provider: Readonly<Record<string, string>> = {
  CEREBRAS_API_KEY: 'cerebras',
  DEEPSEEK_API_KEY: 'deepseek',
  GROQ_API_KEY: 'groq',
  MISTRAL_API_KEY: 'mistral',
  MOONSHOT_API_KEY: 'moonshot',
  OPENROUTER_API_KEY: 'openrouter',
  TOGETHER_API_KEY: 'together',
  XAI_API_KEY: 'xai',
  ZAI_API_KEY: 'zai',
}

/** Without a chosen model the key decides which one is taken, so nothing can be said. */
function unneeded(config: ConfigFacts, { lines, file }: EnvironmentFacts): EnvironmentFacts['lines'] {
  const text = JSON.stringify(config.value).toLowerCase()
  if (file === null || !text.includes('"model')) return []
  return lines.filter(({ name, value }) => value !== '' && provider[name] !== undefined && !text.includes(provider[name]) && !text.includes(name.toLowerCase()))
}
