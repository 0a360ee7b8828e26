import { defineCheck, type Check, type Severity } from './check.ts'
import { disableUnits } from './unit-plan.ts'

/** A question whether services run that nobody needs on a machine of agents. */
export interface UnwantedRule {
  id: `services.${string}`
  title: string
  severity: Severity
  why: string
  source: string
  /** Names of units; `NAME.inetd` for a line of inetd.conf. */
  units: readonly string[]
}

export function unwantedCheck({ units, ...about }: UnwantedRule): Check {
  const [first] = units as [string, ...string[]]
  const link = `/etc/systemd/system/multi-user.target.wants/${first}`
  return defineCheck({
    ...about,
    needs: ['services'],
    judge: ({ services }) => services.enabled.filter((unit) => units.includes(unit)).map((unit) => ({ at: unit, saw: 'starts with the machine', want: 'disabled, or a reason to keep it' })),
    // A line of inetd is for a person to take out.
    fix: { risk: 'restart', part: 'systemd', plan: ({ services }) => disableUnits(services.enabled, units.filter((unit) => !unit.endsWith('.inetd'))) },
    examples: {
      pass: { none: { files: { '/etc/systemd/system/multi-user.target.wants/ssh.service': '' } }, masked: { files: { [link]: '', [`/etc/systemd/system/${first}`]: { kind: 'link', target: '/dev/null' } } } },
      fail: { enabled: { files: { [link]: '' }, fixedFiles: { [`/etc/systemd/system/${first}`]: { kind: 'link', target: '/dev/null' } } } },
    },
  })
}
