import { describe, expect, it } from 'vitest'
import { requireVpnSettings } from './settings.ts'

describe('the settings of the required VPN', () => {
  it('require none when nothing is written, and any fresh tunnel when nothing more is', () => {
    expect(requireVpnSettings.parse(undefined)).toBeUndefined()
    expect(requireVpnSettings.parse({})).toEqual({ kind: 'any', max_handshake_age: 180_000, routes: [], check_every: 5000 })
  })

  it('take networks, addresses and names, and nothing that is none', () => {
    expect(requireVpnSettings.parse({ routes: ['10.8.0.0/16', 'fd00::1', 'db.internal'] })?.routes).toHaveLength(3)
    expect(requireVpnSettings.safeParse({ routes: ['https://db.internal/'] }).error?.issues[0]?.message).toContain('write an address range')
    expect(requireVpnSettings.safeParse({ interface: '; rm' }).success).toBe(false)
  })
})
