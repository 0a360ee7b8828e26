import { describe, expect, it } from 'vitest'
import { compareVersions, parseVersion } from './version.ts'

// Oldest first. Corrections come after their release (OpenClaw docs, reference/RELEASING), previews before (semver §11).
const order = ['2026.1.29-alpha', '2026.1.29-beta.1', '2026.1.29-beta.2', '2026.1.29-beta.11', '2026.1.29', '2026.1.29-1', '2026.1.29-2', '2026.1.30', '2026.2.1', '2026.9.6', '2026.9.10', '2026.10.1', '2027.1.1']

describe('versions', () => {
  it('are ordered by calendar, previews before and corrections behind their release', () => {
    const shuffled = order.toReversed()
    expect(shuffled.toSorted((a, b) => compareVersions(parseVersion(a)!, parseVersion(b)!))).toEqual(order)
  })

  it('compare equal to themselves only', () => {
    for (const a of order) for (const b of order) expect(Math.sign(compareVersions(parseVersion(a)!, parseVersion(b)!))).toBe(Math.sign(order.indexOf(a) - order.indexOf(b)))
  })

  it('of Node and OpenSSH are read too', () => {
    expect(parseVersion('v24.16.0')).toEqual({ numbers: [24, 16, 0], pre: [], correction: 0 })
    expect(parseVersion('9.2p1')).toEqual({ numbers: [9, 2, 1], pre: [], correction: 0 })
    expect(parseVersion('1.0.0-1')).toEqual({ numbers: [1, 0, 0], pre: ['1'], correction: 0 })
  })

  it.each(['', 'latest', 'x.1', '1.2.3.4.5', `1.${'9'.repeat(200)}`, '1.2.3 ; rm'])('are not read from %j', (text) => {
    expect(parseVersion(text)).toBeNull()
  })
})
