import { defineGuardCheck } from '../../guard-settings.ts'

export default defineGuardCheck({
  id: 'guard.log-on',
  title: 'the audit log is on',
  severity: 'critical',
  why: 'nobody can tell what the agents did, or who told them to',
  source: 'hardening guide 1, audit logging',
  at: 'audit.enabled',
  fallback: true,
  isGood: (value) => value !== false,
  want: 'true',
  to: () => true,
  fails: { 'switched off': 'audit:\n  enabled: false\n' },
})
