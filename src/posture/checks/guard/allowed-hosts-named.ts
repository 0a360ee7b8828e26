import { defineGuardCheck } from '../../guard-settings.ts'

export default defineGuardCheck({
  id: 'guard.allowed-hosts-named',
  title: 'allowed hosts are names, not whole top-level domains',
  severity: 'high',
  why: '`*.com` allows every server an attacker may rent for ten dollars',
  source: 'hardening guide 1, egress allow list; guide 5, outbound allow list',
  at: 'egress.allowed_hosts',
  fallback: [],
  isGood: (value) => !(Array.isArray(value) && value.some(isWide)),
  want: 'hosts, or wildcards below a domain of one owner',
  to: (value) => (Array.isArray(value) ? value.filter((entry) => !isWide(entry)) : []),
  passes: { 'one owner': 'egress:\n  allowed_hosts: [api.anthropic.com, "*.example.com"]\n', 'with methods': 'egress:\n  allowed_hosts:\n    - { host: api.github.com, methods: [GET] }\n' },
  fails: {
    'all of .com': 'egress:\n  allowed_hosts: [api.anthropic.com, "*.com"]\n',
    'all of .io, as a rule': 'egress:\n  allowed_hosts:\n    - { host: "*.io", methods: [POST] }\n',
  },
})

/** `*.TLD`, with or without a port, or nothing but a star. */
function isWide(entry: unknown): boolean {
  const host = typeof entry === 'string' ? entry : (entry as { host?: unknown } | null)?.host
  return typeof host === 'string' && /^\*(?:\.[A-Za-z0-9-]+)?(?::\d+)?$/.test(host.trim())
}
