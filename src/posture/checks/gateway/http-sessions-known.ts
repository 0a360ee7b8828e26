import { defineCheck } from '../../check.ts'
import { flagAt } from '../../config-values.ts'

const endpoints = ['chatCompletions', 'responses']

export default defineCheck({
  id: 'gateway.http-sessions-known',
  title: 'nobody names the session over the OpenAI compatible interface',
  severity: 'info',
  why: 'callers of these pages choose their session by a header, so each of them counts as the operator',
  source: 'OpenClaw docs, gateway/openai-http-api',
  covers: ['gateway.http.session_key_override_enabled'],
  needs: ['config'],
  judge: ({ config }) =>
    endpoints
      .map((name) => `gateway.http.endpoints.${name}.enabled`)
      .filter((at) => flagAt(config, at) === true)
      .map((at) => ({ at, saw: 'true', want: 'off, unless a guard in front of it keeps callers apart' })),
  manual: 'openclaw config set gateway.http.endpoints.chatCompletions.enabled false, unless clients (or Hardshell, which needs it) use it',
  examples: {
    pass: { default: { config: { gateway: {} } } },
    fail: { chat: { config: { gateway: { http: { endpoints: { chatCompletions: { enabled: true } } } } } } },
  },
})
