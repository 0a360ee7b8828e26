import { defineGuardCheck } from '../../guard-settings.ts'

export default defineGuardCheck({
  id: 'budgets.unknown-models-refused',
  title: 'models without a known price are refused',
  severity: 'medium',
  why: 'the cost of a model nobody priced is a guess, and the limit with it',
  source: 'hardening guide 3, cost circuit breakers; docs/model-apis.md',
  at: 'budgets.unknown_model',
  fallback: 'refuse',
  isGood: (value) => value === 'refuse',
  want: 'refuse',
  to: () => 'refuse',
  fails: { 'guessed': 'budgets:\n  unknown_model: ceiling\n' },
})
