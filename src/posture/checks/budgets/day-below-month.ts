import { isBelow, tenth } from '../../amounts.ts'
import { defineGuardCheck, guardSetting } from '../../guard-settings.ts'

export default defineGuardCheck({
  id: 'budgets.day-below-month',
  title: 'the daily limit is lower than the monthly one',
  severity: 'medium',
  why: 'a daily limit that a month cannot reach never stops a runaway day',
  source: 'hardening guide 3, missing cost circuit breakers',
  at: 'budgets.per_day',
  fallback: '$20',
  isGood: (value, facts) => isBelow(value, guardSetting(facts, 'budgets.per_month') ?? '$200'),
  want: 'less than budgets.per_month',
  to: (_, facts) => tenth(guardSetting(facts, 'budgets.per_month') ?? '$200'),
  passes: { 'a tenth': 'budgets:\n  per_day: $30\n  per_month: $300\n' },
  fails: { 'as much as a month': 'budgets:\n  per_day: $200\n  per_month: $200\n', 'more than the default month': 'budgets:\n  per_day: $5000\n' },
})
