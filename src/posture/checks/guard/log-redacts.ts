import { defineGuardCheck } from '../../guard-settings.ts'

// As the schema names them (src/auditlog/settings.ts).
const secretKinds = ['api_keys', 'passwords', 'tokens']

export default defineGuardCheck({
  id: 'guard.log-redacts',
  title: 'keys, passwords and tokens are taken out of log entries',
  severity: 'high',
  why: 'a log is read by more people and copied to more places than the keys it happens to quote',
  source: 'hardening guide 1, audit logging: redact',
  at: 'audit.redact',
  fallback: secretKinds,
  isGood: (value) => Array.isArray(value) && secretKinds.every((kind) => value.includes(kind)),
  want: 'api_keys, passwords and tokens',
  to: () => [...secretKinds],
  fails: { 'passwords stay': 'audit:\n  redact: [api_keys, tokens]\n' },
})
