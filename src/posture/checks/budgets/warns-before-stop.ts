import { defineGuardCheck } from '../../guard-settings.ts'

export default defineGuardCheck({
  id: 'budgets.warns-before-stop',
  title: 'somebody is warned before a budget is spent',
  severity: 'medium',
  why: 'the first sign of a loop is that the agents of everybody stop',
  source: 'hardening guide 2, spending approaching the limit; guide 3, budget alerts',
  at: 'budgets.warn_at',
  fallback: [0.5, 0.8, 1],
  isGood: (value) => Array.isArray(value) && value.some((share) => typeof share === 'number' && share < 1),
  want: 'a share below 1, such as 0.8',
  to: () => [0.5, 0.8, 1],
  passes: { 'once': 'budgets:\n  warn_at: [0.8]\n' },
  fails: { 'only at the end': 'budgets:\n  warn_at: [1]\n', 'never': 'budgets:\n  warn_at: []\n' },
})
