import { describe, expect, it } from 'vitest'
import { fixedVersion, standingOf, type Advisory } from './advisory.ts'
import { shippedAdvisories } from './shipped.ts'

const advisory = (affected: Advisory['affected']): Advisory => ({ id: 'CVE-2000-1', package: 'openclaw', affected, severity: 'high', title: 'a hole', source: 'this test', published: null })

describe('the standing of a version', () => {
  const ranged = advisory([{ introduced: '2026.2.1', fixed: '2026.3.12' }, { introduced: '2026.5.1', fixed: null }])

  it.each([['2026.1.30', 'not-affected'], ['2026.2.1', 'affected'], ['2026.3.12-beta.1', 'affected'], ['2026.3.12', 'not-affected'], ['2026.9.6', 'affected']])('%s is %s', (version, standing) => {
    expect(standingOf(ranged, version)).toBe(standing)
  })

  it('is unknown without ranges, without a version, and with a range nobody can read; never not-affected', () => {
    expect(standingOf(advisory(null), '2026.9.6')).toBe('unknown')
    expect(standingOf(ranged, null)).toBe('unknown')
    expect(standingOf(ranged, 'main')).toBe('unknown')
    expect(standingOf(advisory([{ introduced: null, fixed: 'soon' }]), '2026.9.6')).toBe('unknown')
  })
})

describe('the version that mends', () => {
  it('is the first that has none of them', () => {
    const all = [advisory([{ introduced: null, fixed: '2026.1.29' }]), advisory([{ introduced: '2026.1.29', fixed: '2026.3.12' }])]
    expect(fixedVersion(all, '2026.1.20')).toBe('2026.3.12')
  })

  it('is none where nothing is mended, or nothing is affected', () => {
    expect(fixedVersion([advisory([{ introduced: null, fixed: null }])], '2026.1.20')).toBeNull()
    expect(fixedVersion([advisory([{ introduced: null, fixed: '2026.1.29' }])], '2026.2.1')).toBeNull()
  })
})

describe('the advisories of this release', () => {
  const { advisories } = shippedAdvisories()
  const standing = (id: string, version: string): string => standingOf(advisories.find((one) => one.id === id)!, version)

  it('know the holes whose mended version is published', () => {
    expect(standing('CVE-2026-25253', '2026.1.28')).toBe('affected')
    expect(standing('CVE-2026-25253', '2026.1.29')).toBe('not-affected')
    expect(standing('CVE-2026-44112', '2026.4.21')).toBe('affected')
    expect(standing('CVE-2026-22172', '2026.3.12')).toBe('not-affected')
  })

  it('find an early version full of holes, name one that mends them, and none of them in the one we are built against', () => {
    const affected = (version: string) => advisories.filter((one) => standingOf(one, version) === 'affected')
    expect(affected('2026.1.15').length).toBeGreaterThan(40)
    expect(fixedVersion(advisories, '2026.1.15')).toBe('2026.6.6')
    expect(affected('2026.9.6')).toEqual([])
  })

  it('call nothing safe where no range is known', () => {
    const vague = advisories.filter(({ affected }) => affected === null)
    expect(vague.map(({ id }) => id)).toEqual(['CVE-2026-32918'])
    expect(vague.map((one) => standingOf(one, '2026.9.6'))).toEqual(vague.map(() => 'unknown'))
  })
})
