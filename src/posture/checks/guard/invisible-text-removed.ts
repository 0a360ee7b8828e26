import { defineGuardCheck } from '../../guard-settings.ts'

export default defineGuardCheck({
  id: 'guard.invisible-text-removed',
  title: 'text nobody can see does not reach the model',
  severity: 'high',
  why: 'instructions in tag characters and bidi overrides are read by models and by no person',
  source: 'hardening guide 5, input sanitization; CVE-2021-42574',
  at: 'content.input.invisible',
  fallback: 'strip',
  isGood: (value) => value !== 'report',
  want: 'strip or refuse',
  to: () => 'strip',
  passes: { 'refused': 'content:\n  input:\n    invisible: refuse\n' },
  fails: { 'only noted': 'content:\n  input:\n    invisible: report\n' },
})
