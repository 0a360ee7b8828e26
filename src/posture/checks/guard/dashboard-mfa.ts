import { defineGuardCheck, guardSetting } from '../../guard-settings.ts'

export default defineGuardCheck({
  id: 'guard.dashboard-mfa',
  title: 'login to the dashboard needs a second factor',
  severity: 'high',
  why: 'one phished password is the whole installation',
  source: 'hardening guide 1, MFA for the dashboard',
  at: 'dashboard.auth.require_mfa',
  fallback: true,
  isGood: (value) => value !== false,
  want: 'true',
  to: () => true,
  applies: (facts) => guardSetting(facts, 'dashboard.auth') !== undefined,
  passes: { 'said': 'dashboard:\n  auth:\n    provider: oidc\n    issuer: https://id.example.com\n    client_id: hardshell\n    require_mfa: true\n' },
  fails: { 'switched off': 'dashboard:\n  auth:\n    provider: oidc\n    issuer: https://id.example.com\n    client_id: hardshell\n    require_mfa: false\n' },
})
