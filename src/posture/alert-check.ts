import type { Check, Severity } from './check.ts'
import { defineCheck } from './check.ts'
import type { GuardConfigFacts } from './facts/guard-config.ts'
import { guardExample, guardList, setGuard } from './guard-settings.ts'

/** A scenario somebody has to be told of, and the alert that tells. */
export interface AlertScenario {
  id: string
  title: string
  severity: Severity
  why: string
  source: string
  /** Words of a condition, one of which an alert has to look at. */
  signals: readonly string[]
  /** What the fix adds. */
  alert: { name: string; description: string; condition: string; severity: 'warning' | 'high' | 'critical' }
}

/** A check that some alert of the guard looks at the scenario. */
export function defineAlertCheck({ signals, alert, ...said }: AlertScenario): Check {
  const watched = (facts: GuardConfigFacts): boolean => guardList(facts, 'security_alerts').some(({ condition }) => signals.some((signal) => mentions(condition, signal)))
  const other = 'security_alerts:\n  # ours\n  - name: somebody_elses\n    condition: "new_device == true"\n    action: syslog\n'
  return defineCheck({
    ...said,
    needs: ['guardConfig'],
    applies: ({ guardConfig }) => guardConfig.guard !== null,
    judge: ({ guardConfig }) => (watched(guardConfig) ? [] : [{ at: 'monitoring.yaml security_alerts', saw: `no alert looks at ${signals.join(' or ')}`, want: `an alert such as ${alert.condition}` }]),
    fix: {
      risk: 'restart',
      part: 'files',
      plan: ({ guardConfig }) => {
        if (watched(guardConfig)) return []
        const from = guardList(guardConfig, 'security_alerts').find(({ name }) => name === alert.name)
        // The queue needs no address: whoever has one writes it there.
        return setGuard(guardConfig, ['security_alerts', { named: alert.name }], { from, to: { ...alert, action: 'human_review_queue' } })
      },
    },
    examples: {
      pass: { watched: guardExample({ 'monitoring.yaml': `security_alerts:\n  - name: mine\n    condition: "${alert.condition}"\n    action: syslog\n` }) },
      fail: { 'no alerts': guardExample({ 'config.yaml': '# nothing\n' }), 'others only': guardExample({ 'monitoring.yaml': other }), 'another condition under its name': guardExample({ 'monitoring.yaml': other.replace('somebody_elses', alert.name) }) },
    },
  })
}

function mentions(condition: unknown, signal: string): boolean {
  return typeof condition === 'string' && condition.split(/[^a-z0-9_]+/).includes(signal)
}
