import { defineCheck } from '../../check.ts'
import { intoEnvironment, plaintextSettings } from '../../plaintext-settings.ts'

const made = `sk-ant-api03-${'Zk4xQ9vLm2Tb7Rw1Yc8Hd3Nf6Ps0Gj5'.repeat(3)}AA`

export default defineCheck({
  id: 'secrets.none-in-config',
  title: 'no key stands in openclaw.json itself',
  severity: 'high',
  why: 'the file is backed up, pasted into issues and read by every agent with a shell: whoever sees it has the keys',
  source: 'guide 1, secrets; OpenClaw docs, gateway/secrets',
  covers: ['config.plaintext_secrets'],
  needs: ['config', 'environment'],
  judge: ({ config }) => plaintextSettings(config).map(({ at, what }) => ({ at: at.join('.'), saw: what, want: 'a reference: ${NAME}, or {source, provider, id}' })),
  fix: { risk: 'restart', part: 'secrets', plan: (facts) => intoEnvironment(facts, plaintextSettings(facts.config)) },
  examples: {
    pass: {
      reference: { config: { models: { providers: { anthropic: { apiKey: '${ANTHROPIC_API_KEY}' } } }, channels: { telegram: { botToken: { source: 'env', provider: 'default', id: 'BOT' } } } } },
      local: { config: { models: { providers: { ollama: { apiKey: 'ollama-local' } } }, gateway: { auth: { trustedProxy: { userHeader: 'x-forwarded-user-token' } } } } },
    },
    fail: {
      provider: { config: { models: { providers: { anthropic: { apiKey: made } } } } },
      unknownVendor: { config: { channels: { feishu: { appSecret: 'fV8sQ2mZr7Lw4Kx9Tb1Nc6' } } } },
      environment: { config: { env: { vars: { SOME_API_KEY: 'q8Wz3Rv6Tn1Xb5Ym9Kc2' } } } },
    },
  },
})
