import { defineGuardCheck } from '../../guard-settings.ts'

export default defineGuardCheck({
  id: 'guard.dns-filter-local',
  title: 'the DNS filter answers this machine only',
  severity: 'high',
  why: 'a resolver that answers strangers is found and used for amplification attacks',
  source: 'RFC 5358, open recursive resolvers',
  at: 'dns.dangerously_listen_beyond_loopback',
  fallback: false,
  isGood: (value) => value !== true,
  want: 'false',
  to: () => false,
  fails: { 'beyond loopback': 'dns:\n  dangerously_listen_beyond_loopback: true\n' },
})
