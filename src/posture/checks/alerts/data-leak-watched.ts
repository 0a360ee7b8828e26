import { defineAlertCheck } from '../../alert-check.ts'

export default defineAlertCheck({
  id: 'alerts.data-leak-watched',
  title: 'somebody is told when an answer carries much or personal data',
  severity: 'medium',
  why: 'a leak is one large answer; without an alert it is found in the press',
  source: 'hardening guide 1, data_exfiltration_pattern; guide 4, unusual outbound traffic',
  signals: ['output_contains_pii', 'output_size_kb', 'egress_mb_per_hour'],
  alert: { name: 'data_exfiltration_pattern', description: 'an answer holds personal data or is very large', condition: 'output_contains_pii == true OR output_size_kb > 500', severity: 'high' },
})
