import { parseDuration } from '../../../base/index.ts'
import { defineGuardCheck, guardSetting } from '../../guard-settings.ts'

// WireGuard renews its handshake every two minutes while packets flow (whitepaper, 6.1).
const longestMs = 600_000

export default defineGuardCheck({
  id: 'guard.vpn-awaited',
  title: 'agents wait for the VPN that internal services need',
  severity: 'medium',
  why: 'while the tunnel is down, traffic meant for it leaves by the open network',
  source: 'hardening guide 1, VPN for internal services',
  at: 'require_vpn.max_handshake_age',
  fallback: '3m',
  isGood: (value) => (parseDuration(String(value)) ?? Infinity) <= longestMs,
  want: '10m or less',
  to: () => '3m',
  applies: (facts) => guardSetting(facts, 'require_vpn') !== undefined,
  passes: { 'default': 'require_vpn:\n  routes: [10.0.0.0/8]\n' },
  fails: { 'a day': 'require_vpn:\n  routes: [10.0.0.0/8]\n  max_handshake_age: 24h\n' },
})
