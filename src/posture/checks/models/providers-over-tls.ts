import { defineCheck } from '../../check.ts'
import type { ConfigFacts } from '../../facts/config.ts'
import { providerSettings } from '../../model-providers.ts'
import { settingChanges } from '../../setting-change.ts'
import { hostIn, isPrivate, isThisMachine } from '../../url-host.ts'

export default defineCheck({
  id: 'models.providers-over-tls',
  title: 'model providers on the internet are reached over TLS',
  severity: 'high',
  why: 'key and prompts travel in clear text, and whoever is on the way answers as the model',
  source: 'guide 1, encryption; OpenClaw docs, gateway/config-agents',
  needs: ['config'],
  judge: ({ config }) => wrong(config).map(({ at }) => ({ at: at.join('.'), saw: 'http:// to a public host', want: 'https://' })),
  fix: { risk: 'restart', part: 'gateway', plan: ({ config }) => settingChanges(config, wrong(config).map(({ at, value }) => ({ at, to: String(value).replace(/^http:/i, 'https:') }))) },
  examples: {
    pass: { local: { config: { models: { providers: { ollama: { baseUrl: 'http://127.0.0.1:11434' }, lan: { baseUrl: 'http://10.0.0.9:8000' } } } } }, tls: { config: { models: { providers: { own: { baseUrl: 'https://llm.example.com/v1' } } } } } },
    fail: { plain: { config: { models: { providers: { own: { baseUrl: 'http://llm.example.com/v1' } } } } } },
  },
})

function wrong(config: ConfigFacts): ReturnType<typeof providerSettings> {
  return providerSettings(config, ['baseUrl']).filter(({ value }) => isPlain(value))
}

function isPlain(value: unknown): boolean {
  const host = typeof value === 'string' && /^http:/i.test(value) ? hostIn(value) : null
  return host !== null && !isThisMachine(host) && !isPrivate(host)
}
