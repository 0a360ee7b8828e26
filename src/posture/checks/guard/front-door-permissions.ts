import { defineGuardCheck } from '../../guard-settings.ts'

export default defineGuardCheck({
  id: 'guard.front-door-permissions',
  title: 'one token of the front door may do everything, the others what they need',
  severity: 'low',
  why: 'each token with every permission is one more that, once stolen, does everything',
  source: 'hardening guide 1, API authentication: the token of the CI can only read',
  at: 'api.auth.tokens',
  fallback: [],
  isGood: (value) => admins(value) <= 1,
  want: 'one token with admin at most; the others read or write',
  to: (value) => lessened(value),
  passes: { 'one admin': 'api:\n  auth:\n    tokens:\n      - { id: boss, value: $BOSS, permissions: [read, write, admin] }\n      - { id: ci, value: $CI }\n' },
  fails: { 'two admins': 'api:\n  auth:\n    tokens:\n      - { id: boss, value: $BOSS, permissions: [read, write, admin] }\n      - { id: ci, value: $CI, permissions: [admin] }\n' },
})

function admins(value: unknown): number {
  return Array.isArray(value) ? value.filter(isAdmin).length : 0
}

function isAdmin(token: unknown): boolean {
  const permissions = (token as { permissions?: unknown } | null)?.permissions
  return Array.isArray(permissions) && permissions.includes('admin')
}

/** The first one keeps it: whoever wrote the file wrote the operator's token first. */
function lessened(value: unknown): unknown {
  if (!Array.isArray(value)) return value
  const first = value.findIndex(isAdmin)
  return value.map((token: Record<string, unknown>, index) => (isAdmin(token) && index !== first ? { ...token, permissions: ['read'] } : token))
}
