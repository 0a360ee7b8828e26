import { defineGuardCheck } from '../../guard-settings.ts'

export default defineGuardCheck({
  id: 'guard.canary-ends-answer',
  title: 'an answer that holds a canary ends there',
  severity: 'high',
  why: 'whoever sees a canary has read what it guards, and the rest of the answer is more of it',
  source: 'hardening guide 5, canary tokens',
  at: 'content.output.cut_at_canary',
  fallback: true,
  isGood: (value) => value !== false,
  want: 'true',
  to: () => true,
  fails: { 'switched off': 'content:\n  output:\n    cut_at_canary: false\n' },
})
