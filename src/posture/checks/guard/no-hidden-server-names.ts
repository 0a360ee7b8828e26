import { defineGuardCheck } from '../../guard-settings.ts'

export default defineGuardCheck({
  id: 'guard.no-hidden-server-names',
  title: 'encrypted server names are refused at the egress proxy',
  severity: 'medium',
  why: 'behind encrypted client hello an allowed host on a shared server can be any other host of it',
  source: 'RFC 9460 and the ECH draft; docs/egress.md',
  at: 'egress.dangerously_allow_ech',
  fallback: false,
  isGood: (value) => value !== true,
  want: 'false',
  to: () => false,
  fails: { 'allowed': 'egress:\n  dangerously_allow_ech: true\n' },
})
