import { defineGuardCheck } from '../../guard-settings.ts'

// Polling every ten seconds is 60 in ten minutes; beyond 100 nobody waits for anything.
const mostRepeats = 100

export default defineGuardCheck({
  id: 'guard.repeated-calls-stopped',
  title: 'a tool call repeated without end is stopped',
  severity: 'medium',
  why: 'an agent caught in a loop does the same thing for hours, at full price and with every side effect',
  source: 'hardening guide 3, a skill that loops; guide 5, resource exhaustion',
  at: 'loops.identical_calls',
  fallback: 20,
  isGood: (value) => typeof value === 'number' && value <= mostRepeats,
  want: '100 within ten minutes at most',
  to: () => 20,
  passes: { 'patient': 'loops:\n  identical_calls: 60\n' },
  fails: { 'no limit in effect': 'loops:\n  identical_calls: 100000\n' },
})
