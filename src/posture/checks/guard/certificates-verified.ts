import { defineGuardCheck } from '../../guard-settings.ts'

export default defineGuardCheck({
  id: 'guard.certificates-verified',
  title: 'the guard checks the certificates of servers it connects to',
  severity: 'critical',
  why: 'whoever sits on the way to a provider reads every prompt and every key',
  source: 'hardening guide 1, TLS everywhere; guide 2, verify TLS on outbound connections',
  at: 'tls.verify_certificates',
  fallback: true,
  isGood: (value) => value !== false,
  want: 'true',
  to: () => true,
  fails: { 'switched off': 'tls:\n  verify_certificates: false\n' },
})
