import type { Check, Flaw } from './check.ts'
import { strengthOf } from '../secrets/index.ts'
import { gatewayAuth, literalAt } from './gateway-auth.ts'
import { freshSecret } from './secret-reference.ts'
import { settingChanges } from './setting-change.ts'

// OpenClaw's own audit says 24: 24 hexadecimal digits are 96 bits, the least one is expected to generate.
export const minSecretChars = 24

/** What is wrong with a shared secret, `null` when nothing is. Says its length, never more. */
export function weakness(value: string): { kind: 'placeholder' | 'weak'; saw: string } | null {
  const trimmed = value.trim()
  const isBlank = ['', 'undefined', 'null'].includes(trimmed)
  // `change-me-to-a-long-random-token` stood in OpenClaw's own example, and is long enough to look like one.
  const isExample = /^change[-_ ]?me/i.test(trimmed)
  if (isExample) return { kind: 'placeholder', saw: 'the text of an example' }
  const { verdict, why } = strengthOf(trimmed)
  if (isBlank || verdict === 'placeholder') return { kind: 'placeholder', saw: isBlank ? 'blank, or a word that stands for nothing' : why! }
  if (trimmed.length < minSecretChars) return { kind: 'weak', saw: `${trimmed.length} characters` }
  return verdict === 'weak' ? { kind: 'weak', saw: why! } : null
}

/** Judges the token or the password the gateway goes by, and replaces it by one nobody has seen. */
export function gatewaySecretRule(name: 'token' | 'password', kind: 'placeholder' | 'weak'): Required<Pick<Check<'config' | 'environment'>, 'needs' | 'judge' | 'fix'>> {
  const at = `gateway.auth.${name}`
  const judge: Check<'config' | 'environment'>['judge'] = ({ config, environment }): Flaw[] => {
    const value = literalAt(config, at)
    if (value === null || gatewayAuth(config, environment).mode !== name) return []
    const found = weakness(value)
    return found?.kind === kind ? [{ at, saw: found.saw, want: 'at least 24 random characters' }] : []
  }
  return {
    needs: ['config', 'environment'],
    judge,
    fix: {
      risk: 'restart',
      part: 'gateway',
      plan: (facts) => (judge(facts).length === 0 ? [] : settingChanges(facts.config, [{ at: at.split('.'), to: freshSecret }])),
    },
  }
}
