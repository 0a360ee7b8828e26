import { describe, expect, it } from 'vitest'
import { channelSections, manyPeople, openAnywhere, openPolicies } from './channel-policies.ts'
import { nameOf } from './setting-change.ts'

const names = (places: readonly { at: readonly string[] }[]): string[] => places.map(({ at }) => nameOf(at))
const of = (channels: unknown): { value: Record<string, unknown> } => ({ value: { channels } })

describe('channels', () => {
  it('are read with their accounts, which inherit, and without what is switched off', () => {
    const sections = channelSections(of({ defaults: { groupPolicy: 'open' }, telegram: { dmPolicy: 'open', accounts: { a: { dmPolicy: 'pairing' }, b: { enabled: false }, c: {} } }, slack: { enabled: false } }))
    expect(names(sections)).toEqual(['channels.telegram', 'channels.telegram.accounts.a', 'channels.telegram.accounts.c'])
    expect(sections.map(({ merged }) => merged['dmPolicy'])).toEqual(['open', 'pairing', 'open'])
  })

  it('are open where they say so themselves, under either spelling', () => {
    const config = of({ telegram: { groupPolicy: 'open', accounts: { a: {} } }, discord: { dm: { policy: 'open' } } })
    expect(names(openPolicies(config))).toEqual(['channels.telegram.groupPolicy', 'channels.discord.dm.policy'])
  })

  it('are open in single groups too, and each place is named once', () => {
    const config = of({ matrix: { groupPolicy: 'allowlist', groups: { r: { groupPolicy: 'open' } }, accounts: { a: { dmPolicy: 'open' } } } })
    expect(names(openAnywhere(config)).sort()).toEqual(['channels.matrix.accounts.a.dmPolicy', 'channels.matrix.groups.r.groupPolicy'])
  })

  it('reach several people through open policies, wildcards and listed groups, and not through one listed person', () => {
    expect(manyPeople(of({ telegram: { dmPolicy: 'allowlist', allowFrom: ['1'] } }))).toEqual([])
    expect(names(manyPeople(of({ telegram: { allowFrom: [' * '] } })))).toEqual(['channels.telegram.allowFrom'])
    expect(names(manyPeople(of({ discord: { groupPolicy: 'allowlist', guilds: { '1': {} } } })))).toEqual(['channels.discord.groupPolicy'])
  })

  it('survive files nobody validated', () => {
    for (const channels of [null, [], 'x', { telegram: null }, { telegram: { accounts: [], allowFrom: 'everyone' } }]) expect(manyPeople(of(channels))).toEqual([])
  })
})
