import { isBelow, tenth } from '../../amounts.ts'
import { defineGuardCheck, guardSetting } from '../../guard-settings.ts'

export default defineGuardCheck({
  id: 'budgets.session-below-day',
  title: 'one session may not spend the whole day',
  severity: 'medium',
  why: 'one conversation that loops takes the day of everybody',
  source: 'hardening guide 3, per-session limits',
  at: 'budgets.per_session',
  fallback: '$10',
  isGood: (value, facts) => isBelow(value, guardSetting(facts, 'budgets.per_day') ?? '$20'),
  want: 'less than budgets.per_day',
  to: (_, facts) => tenth(guardSetting(facts, 'budgets.per_day') ?? '$20'),
  passes: { 'half': 'budgets:\n  per_session: $5\n' },
  fails: { 'everything': 'budgets:\n  per_session: $20\n  per_day: $20\n' },
})
