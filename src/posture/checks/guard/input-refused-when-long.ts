import { defineGuardCheck } from '../../guard-settings.ts'

export default defineGuardCheck({
  id: 'guard.input-refused-when-long',
  title: 'messages that are too long are refused',
  severity: 'low',
  why: 'a limit that is only noted limits nothing',
  source: 'hardening guide 1, input validation',
  at: 'content.input.too_long',
  fallback: 'refuse',
  isGood: (value) => value === 'refuse',
  want: 'refuse',
  to: () => 'refuse',
  fails: { 'only noted': 'content:\n  input:\n    too_long: report\n' },
})
