import type { Check, Severity } from './check.ts'
import type { ConfigFacts } from './facts/config.ts'
import { valueOf } from './config-values.ts'
import { settingChanges } from './setting-change.ts'

/** One setting of `openclaw.json` that is as it should be, or is set so. */
interface SettingRule {
  /** Dotted. */
  at: string
  /** `undefined` where the setting is absent: OpenClaw's default then counts. */
  isWrong(value: unknown, config: ConfigFacts): boolean
  /** What it is set to, or how to tell; `undefined` takes it out. */
  to: unknown
  /** In words, where `to` does not say it. */
  want?: string
  /** In words, where the value itself must not be shown or says too little. */
  saw?: string
  /** Where this installation makes it better or worse. */
  severity?(config: ConfigFacts): Severity
}

/** What such a check needs, judges and mends. The gateway reads its configuration when it starts. */
export function settingRule(rule: SettingRule): Required<Pick<Check<'config'>, 'needs' | 'judge' | 'fix'>> {
  const keys = rule.at.split('.')
  const target = (config: ConfigFacts): unknown => (typeof rule.to === 'function' ? (rule.to as (config: ConfigFacts) => unknown)(config) : rule.to)
  return {
    needs: ['config'],
    judge({ config }) {
      const value = valueOf(config, keys)
      if (!rule.isWrong(value, config)) return []
      const severity = rule.severity?.(config)
      return [{ at: rule.at, saw: rule.saw ?? shown(value), want: rule.want ?? shown(target(config)), ...(severity && { severity }) }]
    },
    fix: { risk: 'restart', part: 'gateway', plan: ({ config }) => settingChanges(config, [{ at: keys, to: target(config) }]) },
  }
}

// Only switches and words of a vocabulary come here; whatever is longer may be anything.
const longestWord = 40

function shown(value: unknown): string {
  if (value === undefined) return 'not set'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length <= longestWord ? text : `${typeof value} of ${text.length} characters`
}
