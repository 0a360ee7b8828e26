import { defineGuardCheck } from '../../guard-settings.ts'

export default defineGuardCheck({
  id: 'guard.egress-enforced',
  title: 'agents reach only hosts that were allowed',
  severity: 'high',
  why: 'an injected instruction sends keys and files to any server in the world, and it is only noted',
  source: 'hardening guide 1, egress; guide 5, allow-list outbound connections',
  at: 'egress.mode',
  fallback: 'enforce',
  isGood: (value) => value === 'enforce',
  want: 'enforce',
  to: () => 'enforce',
  passes: { 'said': 'egress:\n  mode: enforce\n' },
  fails: { 'only noted': 'egress:\n  mode: report\n', 'still learning': '# until Friday\negress:\n  mode: learn\n' },
})
