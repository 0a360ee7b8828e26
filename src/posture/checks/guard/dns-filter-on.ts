import { defineGuardCheck } from '../../guard-settings.ts'

export default defineGuardCheck({
  id: 'guard.dns-filter-on',
  title: 'names nobody approved are not resolved',
  severity: 'high',
  why: 'data leaves in the labels of DNS questions although every connection is refused',
  source: 'hardening guide 5, DNS filtering',
  at: 'dns.enabled',
  fallback: true,
  isGood: (value) => value !== false,
  want: 'true',
  to: () => true,
  fails: { 'switched off': 'dns:\n  enabled: false\n' },
})
