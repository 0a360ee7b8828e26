import { defineCheck } from '../../check.ts'
import type { GuardConfigFacts } from '../../facts/guard-config.ts'
import { guardEntries, guardExample, setGuard } from '../../guard-settings.ts'

export default defineCheck({
  id: 'alerts.digest-scheduled',
  title: 'a summary of security events is made by the clock',
  severity: 'low',
  why: 'slow attacks stay below every alert; they show when somebody reads a page a day',
  source: 'hardening guide 1, daily_security_digest; guide 2, monthly reviews; guide 3, weekly checks',
  needs: ['guardConfig'],
  applies: ({ guardConfig }) => guardConfig.guard !== null,
  judge: ({ guardConfig }) => (isScheduled(guardConfig) ? [] : [{ at: 'monitoring.yaml jobs', saw: 'no job of type security_report', want: 'one a day' }]),
  fix: {
    risk: 'restart',
    part: 'files',
    plan: ({ guardConfig }) => {
      const to = { schedule: '0 7 * * *', type: 'security_report', include: ['failed_auth_events', 'unusual_tool_calls', 'high_cost_runs', 'suppressed_alerts'] }
      const [, taken] = guardEntries(guardConfig, 'jobs').find(([name]) => name === 'daily_security_digest') ?? []
      return isScheduled(guardConfig) ? [] : setGuard(guardConfig, ['jobs', 'daily_security_digest'], { from: taken, to })
    },
  },
  examples: {
    pass: { 'as in the guide': guardExample({ 'monitoring.yaml': 'jobs:\n  daily_security_digest: { schedule: "0 7 * * *", type: security_report }\n' }) },
    fail: { 'no jobs': guardExample({ 'config.yaml': '# nothing\n' }), 'only rotation': guardExample({ 'maintenance.yaml': 'jobs:\n  rotate: { schedule: "0 3 1 * *", type: maintenance, action: rotate_secrets }\n' }) },
  },
})

function isScheduled(facts: GuardConfigFacts): boolean {
  return guardEntries(facts, 'jobs').some(([, { type }]) => type === 'security_report')
}
