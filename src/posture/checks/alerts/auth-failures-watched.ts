import { defineAlertCheck } from '../../alert-check.ts'

export default defineAlertCheck({
  id: 'alerts.auth-failures-watched',
  title: 'somebody is told of failed logins in series',
  severity: 'medium',
  why: 'guessing goes on for days where nobody hears of it',
  source: 'hardening guide 1, repeated_auth_failures; guides 3 and 4',
  signals: ['auth_failures_per_minute'],
  alert: { name: 'repeated_auth_failures', description: 'somebody guesses tokens or passwords', condition: 'auth_failures_per_minute > 10', severity: 'critical' },
})
