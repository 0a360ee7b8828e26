import { defineGuardCheck } from '../../guard-settings.ts'

export default defineGuardCheck({
  id: 'guard.log-kept-a-year',
  title: 'the audit log is kept for a year',
  severity: 'medium',
  why: 'most intrusions are noticed after months; what happened then is gone with the log',
  source: 'hardening guide 1, audit logging: retention of 365 days',
  at: 'audit.retention_days',
  fallback: 365,
  isGood: (value) => typeof value === 'number' && value >= 365,
  want: '365 or more',
  to: () => 365,
  passes: { 'two years': 'audit:\n  retention_days: 730\n' },
  fails: { 'a month': 'audit:\n  retention_days: 30\n' },
})
