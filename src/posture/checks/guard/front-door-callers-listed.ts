import { openDoorOf } from '../../guard-door.ts'
import { defineGuardCheck } from '../../guard-settings.ts'

// RFC 1918 and RFC 4193: whoever calls from the internet comes through a VPN or is added by hand.
const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fd00::/8']

export default defineGuardCheck({
  id: 'guard.front-door-callers-listed',
  title: 'a front door on the network accepts known address ranges only',
  severity: 'high',
  why: 'a door that anybody may knock at is knocked at: a stolen token works from anywhere',
  source: 'hardening guide 1, ip_allowlist; guide 2, restrict management access by IP',
  at: 'api.ip_allowlist',
  fallback: {},
  isGood: (value) => enabled(value) && cidrsOf(value).length > 0,
  want: 'enabled, with the ranges callers come from',
  to: (value) => ({ enabled: true, cidrs: cidrsOf(value).length > 0 ? cidrsOf(value) : privateRanges }),
  // Whoever calls from elsewhere is cut off, the operator included.
  risk: 'lockout',
  applies: (facts) => openDoorOf(facts) !== null,
  fails: {},
  also: {
    pass: { 'ranges written': { 'config.yaml': 'server:\n  listen: 0.0.0.0:443\n', 'api.yaml': 'api:\n  ip_allowlist:\n    enabled: true\n    cidrs: [10.0.0.0/8]\n' } },
    fail: {
      'open to all': { 'config.yaml': 'server:\n  listen: 0.0.0.0:443\n' },
      'written and not enabled': { 'config.yaml': 'server:\n  listen: "[::]:443"\n', 'api.yaml': 'api:\n  ip_allowlist:\n    cidrs: [192.0.2.0/24] # the office\n' },
    },
  },
})

function enabled(value: unknown): boolean {
  return (value as { enabled?: unknown } | null)?.enabled === true
}

function cidrsOf(value: unknown): readonly unknown[] {
  const cidrs = (value as { cidrs?: unknown } | null)?.cidrs
  return Array.isArray(cidrs) ? cidrs : []
}
