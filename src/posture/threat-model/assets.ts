import { isRecord } from '../../base/index.ts'
import { channelSections } from '../channel-policies.ts'
import { entriesAt } from '../config-values.ts'
import type { ConfigFacts } from '../facts/config.ts'
import type { GuardConfigFacts } from '../facts/guard-config.ts'
import { guardEntries } from '../guard-settings.ts'
import type { Asset } from './model.ts'

/** What this installation has to lose. */
export function assetsOf(config: ConfigFacts | null, guard: GuardConfigFacts | null): Asset[] {
  const providers = config === null ? [] : [...entriesAt(config, 'models.providers').map(([name]) => name), ...entriesAt(config, 'auth.profiles').map(([name, profile]) => providerOf(name, profile))]
  const guarded = guard === null ? [] : guardEntries(guard, 'models.providers').map(([name]) => name)
  const channels = config === null ? [] : [...new Set(channelSections(config).map(({ channel }) => channel))]
  // Keys that stand nowhere in the file lie in auth profiles, or will.
  const named = [...new Set([...providers, ...guarded])]
  return [
    ...(named.length > 0 ? named : ['providers']).map((name): Asset => ({ id: `keys:${name}`, kind: 'keys', name: `keys for ${name}`, impact: 4 })),
    ...channels.map((name): Asset => ({ id: `channel:${name}`, kind: 'channel', name: `account at ${name}`, impact: 3 })),
    { id: 'memory', kind: 'memory', name: 'memory', impact: 3 },
    { id: 'transcripts', kind: 'transcripts', name: 'transcripts', impact: 3 },
    { id: 'host', kind: 'host', name: 'this machine', impact: 4 },
    { id: 'money', kind: 'money', name: 'money', impact: 3 },
    ...(guard === null || guard.guard === null ? [] : [{ id: 'guard', kind: 'guard', name: 'what the guard keeps', impact: 4 } satisfies Asset]),
  ]
}

/** Profiles are called `anthropic:default`; the provider also stands in them. */
function providerOf(name: string, profile: unknown): string {
  const provider = isRecord(profile) ? profile['provider'] : undefined
  return typeof provider === 'string' ? provider : name.split(':')[0]!
}
