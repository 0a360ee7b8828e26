import { defineGuardCheck } from '../../guard-settings.ts'

// A long coding task takes some hundred turns; beyond a thousand nobody waits for its end.
const mostTurns = 1000

export default defineGuardCheck({
  id: 'guard.tasks-end',
  title: 'one message or job leads to a bounded number of model calls',
  severity: 'medium',
  why: 'a task that never ends costs money until the budget does',
  source: 'hardening guide 5, resource exhaustion; guide 2, runaway loops',
  at: 'loops.turns_per_task',
  fallback: 200,
  isGood: (value) => typeof value === 'number' && value <= mostTurns,
  want: '1000 at most',
  to: () => 200,
  passes: { 'long tasks': 'loops:\n  turns_per_task: 800\n' },
  fails: { 'no limit in effect': 'loops:\n  turns_per_task: 50000\n' },
})
