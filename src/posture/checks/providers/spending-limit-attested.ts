import { attestationOf, attestationsPath, isInForce, writtenAttestations } from '../../attestations.ts'
import { defineCheck } from '../../check.ts'
import type { AttestedFacts } from '../../facts/attested.ts'
import type { GuardConfigFacts } from '../../facts/guard-config.ts'
import { guardEntries } from '../../guard-settings.ts'

const account = { '$GUARD/config.yaml': 'models:\n  providers:\n    anthropic: { api: anthropic-messages, base_url: https://api.anthropic.com, key: $ANTHROPIC_API_KEY }\n' }
const attestations = attestationsPath('$GUARD_STATE')
const made = { item: 'providers.spending-limit-attested/anthropic', by: 'alex', note: '$100 a month', at: '2026-10-01T00:00:00.000Z' }

export default defineCheck({
  id: 'providers.spending-limit-attested',
  title: 'somebody vouches for a spending limit at every provider',
  severity: 'low',
  why: 'a key that was copied spends past every limit of ours; only the provider can stop it',
  source: 'hardening guide 2, set spending limits on provider accounts',
  needs: ['attested', 'guardConfig'],
  applies: ({ guardConfig }) => accounts(guardConfig).length > 0,
  judge: ({ attested, guardConfig }) => accounts(guardConfig).flatMap((name) => flawOf(name, attested)),
  manual: 'set the limit in the console of the provider, then: hardshell checklist attest providers.spending-limit-attested/NAME --by YOU --note "what it is"',
  examples: {
    pass: { attested: { files: { ...account, [attestations]: writtenAttestations([{ ...made, expires: '2027-01-01T00:00:00.000Z' }]) } }, 'no provider': { files: { '$GUARD/config.yaml': '# the scripted model\n' } } },
    fail: { nobody: { files: account }, expired: { files: { ...account, [attestations]: writtenAttestations([{ ...made, expires: '2026-11-01T00:00:00.000Z' }]) } } },
  },
})

/** Providers that are paid by key. */
function accounts(facts: GuardConfigFacts): string[] {
  return guardEntries(facts, 'models.providers').flatMap(([name, { key }]) => (typeof key === 'string' ? [name] : []))
}

function flawOf(name: string, { list, now }: AttestedFacts): { at: string; saw: string; want: string }[] {
  const found = attestationOf(list, `providers.spending-limit-attested/${name}`)
  if (found !== null && isInForce(found, now)) return []
  return [{ at: `provider ${name}`, saw: found === null ? 'nobody vouches for a spending limit' : `the word of ${found.by} ended ${found.expires.slice(0, 10)}`, want: 'an attestation that holds' }]
}
