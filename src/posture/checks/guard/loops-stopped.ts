import { defineGuardCheck } from '../../guard-settings.ts'

// Ten tool calls a second: no person follows that, and no task needs it for a whole minute.
const mostActions = 600

export default defineGuardCheck({
  id: 'guard.loops-stopped',
  title: 'a session that repeats itself is stopped',
  severity: 'medium',
  why: 'a loop of tool calls fills disks and empties budgets while nobody looks',
  source: 'hardening guide 2, rate limiting on agent actions; guide 5, resource exhaustion',
  at: 'loops.actions_per_minute',
  fallback: 120,
  isGood: (value) => typeof value === 'number' && value <= mostActions,
  want: '600 a minute at most',
  to: () => 120,
  passes: { 'busy': 'loops:\n  actions_per_minute: 300\n' },
  fails: { 'no limit in effect': 'loops:\n  actions_per_minute: 100000\n' },
})
