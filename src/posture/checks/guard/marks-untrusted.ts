import { defineGuardCheck } from '../../guard-settings.ts'

export default defineGuardCheck({
  id: 'guard.marks-untrusted',
  title: 'results of tools reach the model between marks',
  severity: 'medium',
  why: 'without marks the model cannot tell a web page from its owner',
  source: 'hardening guide 5, context separation',
  at: 'content.delimit_untrusted',
  fallback: true,
  isGood: (value) => value !== false,
  want: 'true',
  to: () => true,
  fails: { 'switched off': 'content:\n  delimit_untrusted: false\n' },
})
