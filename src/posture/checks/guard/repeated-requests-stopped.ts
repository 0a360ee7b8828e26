import { defineGuardCheck } from '../../guard-settings.ts'

// As for tool calls: a client that retries backs off long before.
const mostRepeats = 100

export default defineGuardCheck({
  id: 'guard.repeated-requests-stopped',
  title: 'a model request repeated without end is stopped',
  severity: 'medium',
  why: 'the same question asked again and again is how a surprise bill is made',
  source: 'hardening guide 3, missing cost circuit breakers',
  at: 'loops.identical_requests',
  fallback: 20,
  isGood: (value) => typeof value === 'number' && value <= mostRepeats,
  want: '100 within ten minutes at most',
  to: () => 20,
  passes: { 'strict': 'loops:\n  identical_requests: 5\n' },
  fails: { 'no limit in effect': 'loops:\n  identical_requests: 5000\n' },
})
