import { valueAt } from '../openclaw/index.ts'
import { entriesAt } from './config-values.ts'
import type { ConfigFacts } from './facts/config.ts'

/** Settings of one kind in every configured model provider. */
export function providerSettings(config: Pick<ConfigFacts, 'value'>, below: readonly string[]): { at: readonly string[]; value: unknown }[] {
  return entriesAt(config, 'models.providers').flatMap(([name, provider]) => {
    const value = valueAt(provider, below)
    return value === undefined ? [] : [{ at: ['models', 'providers', name, ...below], value }]
  })
}
