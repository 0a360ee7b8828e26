import type { Change } from '../../change.ts'
import { defineCheck } from '../../check.ts'
import type { GuardConfigFacts } from '../../facts/guard-config.ts'
import { guardEntries, guardExample, guardSetting, setGuard } from '../../guard-settings.ts'

const provider = 'models:\n  providers:\n    anthropic: { api: anthropic-messages, base_url: https://api.anthropic.com, key: $ANTHROPIC_API_KEY }\n'
const rotation = 'rotation:\n  ANTHROPIC_API_KEY: { issuer: by_hand }\n'

export default defineCheck({
  id: 'guard.keys-rotated-on-schedule',
  title: 'every provider key is rotated by the clock',
  severity: 'medium',
  why: 'a key that leaked unnoticed works until it is changed: the schedule is the longest it can be misused',
  source: 'hardening guide 1, rotate keys regularly (monthly); guide 2 (quarterly); guides 4 and 5',
  needs: ['guardConfig'],
  applies: ({ guardConfig }) => guardConfig.guard !== null,
  judge: ({ guardConfig }) => [
    ...unscheduled(guardConfig).map((name) => ({ at: `maintenance.yaml jobs`, saw: `no job rotates ${name}`, want: 'a job with action rotate_secrets that names it' })),
    ...withoutIssuer(guardConfig).map((name) => ({ at: `config.yaml rotation.${name}`, saw: 'not set', want: 'who makes and ends the key' })),
  ],
  fix: { risk: 'restart', part: 'files', plan: ({ guardConfig }) => planOf(guardConfig) },
  examples: {
    pass: {
      'as in the guide': guardExample({
        'config.yaml': provider + rotation,
        'maintenance.yaml': 'jobs:\n  rotate_api_keys: { schedule: "0 3 1 * *", type: maintenance, action: rotate_secrets, secrets: [anthropic_api_key] }\n',
      }),
      'no key at all': guardExample({ 'config.yaml': '# the scripted model\n' }),
    },
    fail: {
      'no job': guardExample({ 'config.yaml': provider + rotation }),
      'nobody knows how': guardExample({ 'config.yaml': provider }),
      'a job for another key': guardExample({
        'config.yaml': provider + rotation,
        'monitoring.yaml': 'jobs:\n  rotate_api_keys: { schedule: "0 3 1 * *", type: maintenance, action: rotate_secrets, secrets: [OTHER] }\n',
      }),
    },
  },
})

/** Names of the secrets that are keys of providers, and of those somebody already wrote a rotation for. */
function keyNames(facts: GuardConfigFacts): string[] {
  const ofProviders = guardEntries(facts, 'models.providers').flatMap(([, { key }]) => (typeof key === 'string' && key.startsWith('$') ? [key.slice(1)] : []))
  return [...new Set([...ofProviders, ...guardEntries(facts, 'rotation').map(([name]) => name)])].sort()
}

function unscheduled(facts: GuardConfigFacts): string[] {
  const jobs = guardEntries(facts, 'jobs').filter(([, { action }]) => action === 'rotate_secrets')
  const named = new Set(jobs.flatMap(([, { secrets }]) => (Array.isArray(secrets) ? secrets.map((name) => String(name).toUpperCase()) : [])))
  return keyNames(facts).filter((name) => !named.has(name.toUpperCase()))
}

function withoutIssuer(facts: GuardConfigFacts): string[] {
  return keyNames(facts).filter((name) => guardSetting(facts, `rotation.${name}`) === undefined)
}

function planOf(facts: GuardConfigFacts): Change[] {
  const missing = unscheduled(facts)
  // A name may be taken in either of the two files that hold jobs.
  const taken = new Set(guardEntries(facts, 'jobs').map(([name]) => name))
  const job = ['rotate_api_keys', 'rotate_remaining_keys', 'rotate_monthly'].find((name) => !taken.has(name)) ?? 'rotate_unscheduled_keys'
  const to = { schedule: '0 3 1 * *', type: 'maintenance', action: 'rotate_secrets', secrets: missing }
  return [
    ...(missing.length === 0 ? [] : setGuard(facts, ['jobs', job], { from: undefined, to })),
    // The kind that asks a person on the day: issuers that do it alone want to know their account.
    ...withoutIssuer(facts).flatMap((name) => setGuard(facts, ['rotation', name], { from: undefined, to: { issuer: 'by_hand' } })),
  ]
}
