import { defineGuardCheck } from '../../guard-settings.ts'

// The largest context windows sold hold two million tokens.
const mostTokens = 2_000_000

export default defineGuardCheck({
  id: 'budgets.request-bounded',
  title: 'one model call has a largest size',
  severity: 'medium',
  why: 'one request with a whole disk in it costs as much as a week',
  source: 'hardening guide 3, per-request limits',
  at: 'budgets.tokens_per_request',
  fallback: 500000,
  isGood: (value) => typeof value === 'number' && value <= mostTokens,
  want: '2000000 tokens or fewer',
  to: () => 500_000,
  passes: { 'small': 'budgets:\n  tokens_per_request: 200000\n' },
  fails: { 'no limit in effect': 'budgets:\n  tokens_per_request: 10000000\n' },
})
