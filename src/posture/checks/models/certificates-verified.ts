import { defineCheck } from '../../check.ts'
import type { ConfigFacts } from '../../facts/config.ts'
import { providerSettings } from '../../model-providers.ts'
import { settingChanges } from '../../setting-change.ts'

export default defineCheck({
  id: 'models.certificates-verified',
  title: 'certificates of model providers are verified',
  severity: 'high',
  why: 'whoever stands in between reads every prompt and the key, and answers as the model',
  source: 'OpenClaw docs, gateway/security/network-exposure',
  covers: ['config.insecure_or_dangerous_flags'],
  needs: ['config'],
  judge: ({ config }) => wrong(config).map(({ at }) => ({ at: at.join('.'), saw: 'true', want: 'not set' })),
  fix: { risk: 'restart', part: 'gateway', plan: ({ config }) => settingChanges(config, wrong(config).map(({ at }) => ({ at, to: undefined }))) },
  examples: {
    pass: { default: { config: { models: { providers: { own: { baseUrl: 'https://llm.example.com/v1' } } } } } },
    fail: { skipped: { config: { models: { providers: { own: { request: { tls: { insecureSkipVerify: true } } } } } } } },
  },
})

function wrong(config: ConfigFacts): ReturnType<typeof providerSettings> {
  return providerSettings(config, ['request', 'tls', 'insecureSkipVerify']).filter(({ value }) => value === true)
}
