import { defineGuardCheck } from '../../guard-settings.ts'

// Ten requests a second of one caller: a busy team stays below, a script that floods does not.
const mostPerMinute = 600

export default defineGuardCheck({
  id: 'guard.front-door-rate-bounded',
  title: 'the rate limit of the front door stops a flood',
  severity: 'low',
  why: 'a limit of thousands of requests a minute is none: each may start a model call',
  source: 'hardening guide 1, rate limiting: 60 a minute',
  at: 'api.rate_limiting.requests_per_minute',
  fallback: 60,
  isGood: (value) => typeof value === 'number' && value <= mostPerMinute,
  want: '600 a minute at most',
  to: () => 60,
  passes: { 'busy team': 'api:\n  rate_limiting:\n    requests_per_minute: 300\n' },
  fails: { 'no limit in effect': 'api:\n  rate_limiting:\n    requests_per_minute: 100000\n' },
})
