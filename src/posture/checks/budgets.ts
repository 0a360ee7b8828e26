import type { Check } from '../check.ts'
import dayBelowMonth from './budgets/day-below-month.ts'
import requestBounded from './budgets/request-bounded.ts'
import sessionBelowDay from './budgets/session-below-day.ts'
import unknownModelsRefused from './budgets/unknown-models-refused.ts'
import warnsBeforeStop from './budgets/warns-before-stop.ts'

export const budgets: readonly Check[] = [
  dayBelowMonth,
  requestBounded,
  sessionBelowDay,
  unknownModelsRefused,
  warnsBeforeStop,
]
