import { defineGuardCheck } from '../../guard-settings.ts'

export default defineGuardCheck({
  id: 'guard.inspection-stops-secrets',
  title: 'hosts whose TLS is opened are sent no secrets',
  severity: 'high',
  why: 'the traffic is looked through, a secret is seen in it, and it is let out all the same',
  source: 'docs/egress.md; hardening guide 4, prioritise controls against data exfiltration',
  at: 'egress.inspect',
  fallback: [],
  isGood: (value) => !(Array.isArray(value) && value.some(letsOut)),
  want: 'block or redact',
  to: (value) => (Array.isArray(value) ? value.map((entry: Record<string, unknown>) => (letsOut(entry) ? { ...entry, secrets: 'block' } : entry)) : []),
  passes: { 'by default': 'egress:\n  inspect:\n    - host: api.example.com\n' },
  fails: { 'let through': 'egress:\n  inspect:\n    - host: api.example.com\n      secrets: allow # for now\n    - host: other.example.com\n' },
})

function letsOut(entry: unknown): boolean {
  return (entry as { secrets?: unknown } | null)?.secrets === 'allow'
}
