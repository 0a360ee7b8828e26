import { defineAlertCheck } from '../../alert-check.ts'

export default defineAlertCheck({
  id: 'alerts.token-spike-watched',
  title: 'somebody is told of a jump in tokens',
  severity: 'medium',
  why: 'a hijacked or looping agent shows in what it reads and writes before it shows on the bill',
  source: 'hardening guide 1, high_token_usage; guides 2 and 5',
  signals: ['tokens_per_hour', 'tokens_per_minute', 'cost_per_hour'],
  alert: { name: 'high_token_usage', description: 'an agent reads or writes far more than usual', condition: 'tokens_per_hour > 500000', severity: 'warning' },
})
