import { defineGuardCheck } from '../../guard-settings.ts'

export default defineGuardCheck({
  id: 'guard.dns-encrypted',
  title: 'names are looked up over HTTPS',
  severity: 'info',
  why: 'the local network and every resolver on the way see which services the agents use, and may answer falsely',
  source: 'hardening guide 1, egress: dns_over_https; RFC 8484',
  at: 'egress.dns_over_https',
  fallback: false,
  isGood: (value) => value === true,
  want: 'true',
  to: () => true,
  // A resolver of one's own network is a fair choice, so that it is a remark and no fault.
  applies: () => true,
  passes: { encrypted: 'egress:\n  dns_over_https: true\n' },
  fails: { 'in the clear': 'egress:\n  mode: enforce # as before\n' },
})
