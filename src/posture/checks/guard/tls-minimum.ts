import { defineGuardCheck } from '../../guard-settings.ts'

export default defineGuardCheck({
  id: 'guard.tls-minimum',
  title: 'connections older than TLS 1.2 are refused',
  severity: 'high',
  why: 'TLS 1.0 and 1.1 fall to known attacks (BEAST, POODLE) and were withdrawn in RFC 8996',
  source: 'hardening guide 1, TLS; RFC 8996',
  at: 'tls.min_version',
  fallback: '1.2',
  isGood: (value) => ['1.2', '1.3'].includes(String(value)),
  want: '1.2 or 1.3',
  to: () => '1.2',
  passes: { 'newest only': 'tls:\n  min_version: "1.3"\n' },
  fails: { 'old': 'tls:\n  min_version: "1.0"\n' },
})
