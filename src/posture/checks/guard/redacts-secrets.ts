import { defineGuardCheck } from '../../guard-settings.ts'

export default defineGuardCheck({
  id: 'guard.redacts-secrets',
  title: 'secrets are taken out of what goes to a model',
  severity: 'high',
  why: 'a key in a prompt is at the provider, in its logs and in the next answer',
  source: 'hardening guide 1, output sanitization; docs/detection.md',
  at: 'content.redact_secrets',
  fallback: true,
  isGood: (value) => value !== false,
  want: 'true',
  to: () => true,
  fails: { 'switched off': 'content:\n  redact_secrets: false\n' },
})
