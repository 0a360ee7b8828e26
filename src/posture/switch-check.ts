import { defineCheck, type Check, type Severity } from './check.ts'
import type { Example } from './example.ts'
import type { ConfigFacts } from './facts/config.ts'
import { settingRule } from './setting-rule.ts'

/** A question whether one switch of `openclaw.json` that opens something is off, as it is by default. */
export interface SwitchRule extends Pick<Check, 'id' | 'title' | 'why' | 'source'> {
  covers?: readonly string[]
  /** Dotted path of a setting that is `true` when it is bad. */
  at: string
  /** Where the gateway is on loopback, or in general. */
  severity: Severity
  /** Where this installation makes it better or worse. */
  severityHere?(config: ConfigFacts): Severity
}

/** Judged by the setting alone; mended by taking it out, so that OpenClaw's default counts. */
export function switchCheck({ at, severityHere, ...about }: SwitchRule): Check {
  const set = (value: boolean, beside: object = {}): Example => ({ config: merged(beside, at.split('.'), value) })
  return defineCheck({
    ...about,
    ...settingRule({ at, isWrong: (value) => value === true, to: undefined, ...(severityHere && { severity: severityHere }) }),
    examples: {
      pass: { default: { config: {} }, off: set(false) },
      fail: { on: set(true), reachable: set(true, { gateway: { bind: 'lan' } }) },
    },
  })
}

function merged(beside: object, [key, ...rest]: readonly string[], value: boolean): object {
  const inside = (beside as Record<string, object>)[key!] ?? {}
  return { ...beside, [key!]: rest.length === 0 ? value : merged(inside, rest, value) }
}
