import { defineCheck } from '../../check.ts'
import { flagAt, wordsAt } from '../../config-values.ts'
import { severityWhenReachable } from '../../gateway-exposure.ts'
import { settingRule } from '../../setting-rule.ts'

export default defineCheck({
  id: 'hooks.session-prefixes',
  title: 'sessions hook callers may name have a prefix of their own',
  severity: 'medium',
  why: 'any session key is taken, also that of the main session',
  source: 'OpenClaw docs, gateway/config-hooks; audit-checks',
  covers: ['hooks.request_session_key_prefixes_missing'],
  ...settingRule({
    at: 'hooks.allowedSessionKeyPrefixes',
    isWrong: (_, config) =>
      flagAt(config, 'hooks.enabled') === true &&
      flagAt(config, 'hooks.allowRequestSessionKey') === true &&
      wordsAt(config, 'hooks.allowedSessionKeyPrefixes').every((prefix) => prefix.trim() === ''),
    to: ['hook:'],
    saw: 'no prefix',
    severity: severityWhenReachable('high', 'medium'),
  }),
  examples: {
    pass: {
      notAsked: { config: { hooks: { enabled: true, path: '/hooks' } } },
      prefixed: { config: { hooks: { enabled: true, allowRequestSessionKey: true, allowedSessionKeyPrefixes: ['hook:'] } } },
    },
    fail: {
      unset: { config: { hooks: { enabled: true, allowRequestSessionKey: true } } },
      blank: { config: { hooks: { enabled: true, allowRequestSessionKey: true, allowedSessionKeyPrefixes: [' '] } } },
    },
  },
})
