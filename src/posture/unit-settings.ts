import { unitValue } from '../host/index.ts'
import { lineIn, type Change } from './change.ts'
import { defineCheck, type Check, type Severity } from './check.ts'
import { exampleService, unit } from './example-openclaw.ts'
import type { OpenClawUnit, RuntimeFacts } from './facts/runtime.ts'

/** A question about one directive of the unit that starts the gateway. */
export interface UnitRule {
  id: `runtime.${string}`
  title: string
  severity: Severity
  why: string
  source: string
  /** In `[Service]`. */
  key: string
  good(value: string): boolean
  want: string
  to: string
  bad: string
}

/** Judged over the unit and its drop-ins, mended in a drop-in of ours. */
export function unitCheck({ key, good, want, to, bad, ...about }: UnitRule): Check {
  const value = (one: OpenClawUnit): string | null => unitValue(one.settings, 'Service', key)
  const wrong = ({ units }: RuntimeFacts): readonly OpenClawUnit[] => units.filter((one) => !good(value(one) ?? missing(key)))
  const path = '/etc/systemd/system/openclaw.service'
  return defineCheck({
    ...about,
    needs: ['runtime'],
    applies: ({ runtime }) => runtime.units.length > 0,
    judge: ({ runtime }) => wrong(runtime).map((one) => ({ at: one.path, saw: `${key}=${value(one) ?? '(not set)'}`, want: `${key}=${want}` })),
    fix: { risk: 'restart', part: 'systemd', plan: ({ runtime }) => wrong(runtime).flatMap((one) => setDirective(one, key, to)) },
    examples: {
      pass: { said: { files: { ...exampleService, [path]: unit('User=openclaw', `${key}=${to}`) } }, 'in a drop-in': { files: { ...exampleService, [path]: unit('User=openclaw', `${key}=${bad}`), [`${path}.d/10-own.conf`]: `[Service]\n${key}=${to}\n` } } },
      fail: {
        missing: { files: exampleService },
        'taken back': { files: { ...exampleService, [path]: unit('User=openclaw', `${key}=${to}`), [`${path}.d/10-own.conf`]: `[Service]\n${key}=${bad}\n` } },
        'of a user': { files: { ...exampleService, [path]: { kind: 'link', target: '/dev/null' }, '~/.config/systemd/user/openclaw-gateway.service': unit() } },
      },
    },
  })
}

export function isYes(value: string): boolean {
  return /^(yes|true|on|1)$/i.test(value)
}

// systemd-system.conf(5): no limit of memory, a umask of 0022; the rest is off. TasksMax is a share of the machine by
// default, which for a server of agents is thousands.
function missing(key: string): string {
  return key === 'MemoryMax' || key === 'TasksMax' ? 'infinity' : key === 'UMask' ? '0022' : 'no'
}

function setDirective({ dropIn, dropInText }: OpenClawUnit, key: string, to: string): readonly Change[] {
  const line = { section: 'Service', key, separator: '=' } as const
  return [{ kind: 'line', path: dropIn, ...line, from: lineIn(dropInText, line), to }]
}
