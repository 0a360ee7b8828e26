import { defineGuardCheck } from '../../guard-settings.ts'

export default defineGuardCheck({
  id: 'guard.isolation-chosen',
  title: 'the kernel keeps agents from going around the proxies',
  severity: 'high',
  why: 'a program that ignores its proxy settings connects wherever it likes',
  source: 'hardening guide 5, network isolation; docs/isolation.md',
  at: 'isolation.mode',
  fallback: 'user',
  isGood: (value) => value !== 'off',
  want: 'user, nftables, namespace or container',
  to: () => 'user',
  passes: { 'filtered': 'isolation:\n  mode: nftables\n' },
  fails: { 'off': 'isolation:\n  mode: off\n', 'off in quotes': 'isolation:\n  mode: "off"\n' },
})
