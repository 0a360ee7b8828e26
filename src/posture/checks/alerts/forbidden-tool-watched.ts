import { defineAlertCheck } from '../../alert-check.ts'

export default defineAlertCheck({
  id: 'alerts.forbidden-tool-watched',
  title: 'somebody is told when an agent reaches for a tool it does not have',
  severity: 'medium',
  why: 'an agent asks for a forbidden tool because somebody told it to',
  source: 'hardening guide 1, unexpected_tool_call; guide 3, attempts to use denied tools',
  signals: ['tool_not_in_allowlist', 'denied_tool_calls_per_minute'],
  alert: { name: 'unexpected_tool_call', description: 'an agent asked for a tool it was not given', condition: 'tool_not_in_allowlist == true', severity: 'high' },
})
