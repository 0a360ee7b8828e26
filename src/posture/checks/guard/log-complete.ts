import { defineGuardCheck } from '../../guard-settings.ts'

// As the schema names them (src/auditlog/settings.ts).
const auditKinds = ['agent_invocations', 'tool_calls', 'api_requests', 'auth_events', 'config_changes', 'job_executions']

export default defineGuardCheck({
  id: 'guard.log-complete',
  title: 'every kind of event is logged',
  severity: 'medium',
  why: 'an attack that runs through the one kind of event nobody records leaves no trace',
  source: 'hardening guide 1, audit logging; guide 3, logging strategy',
  at: 'audit.include',
  fallback: auditKinds,
  isGood: (value) => Array.isArray(value) && auditKinds.every((kind) => value.includes(kind)),
  want: 'all six kinds',
  to: () => [...auditKinds],
  fails: { 'tool calls left out': 'audit:\n  include: [agent_invocations, api_requests, auth_events, config_changes, job_executions]\n' },
})
