import { defineGuardCheck } from '../../guard-settings.ts'

export default defineGuardCheck({
  id: 'guard.front-door-limits-rate',
  title: 'callers of the front door are limited in rate',
  severity: 'medium',
  why: 'a leaked token or a guesser exhausts quota and machine in minutes',
  source: 'hardening guide 1, rate limiting; guide 3, no rate limiting',
  at: 'api.rate_limiting.enabled',
  fallback: true,
  isGood: (value) => value !== false,
  want: 'true',
  to: () => true,
  fails: { 'switched off': 'api:\n  rate_limiting:\n    enabled: false\n' },
})
