import { defineGuardCheck } from '../../guard-settings.ts'

export default defineGuardCheck({
  id: 'guard.log-chained',
  title: 'every log entry is chained to the one before',
  severity: 'high',
  why: 'without the chain whoever owns the machine for a minute edits the record of it',
  source: 'hardening guide 1, tamper protection',
  at: 'audit.tamper_protection.enabled',
  fallback: true,
  isGood: (value) => value !== false,
  want: 'true',
  to: () => true,
  fails: { 'switched off': 'audit:\n  tamper_protection:\n    enabled: false\n' },
})
