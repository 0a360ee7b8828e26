import { expect, it } from 'vitest'
import { judgeVpn, type TunnelFacts, type VpnCondition } from './index.ts'

const now = 1_795_284_000_000
const condition: VpnCondition = { kind: 'wireguard', interface: 'wg0', maxHandshakeAgeMs: 180_000, routes: [] }
const shookHands = (handshakeAt: number): TunnelFacts => ({ tunnels: [{ interface: 'wg0', kind: 'wireguard', up: true, why: '', peers: [{ networks: ['10.8.0.0/16'], handshakeAt, online: null }] }], unreadable: [] })

it('a clock that is set back keeps no dead peer alive', () => {
  expect(judgeVpn(condition, shookHands(now + 3_600_000), now)).toMatchObject({ up: false, reason: expect.stringContaining('no peer was heard of') })
  expect(judgeVpn(condition, shookHands(now + 900), now), 'a second is not set back').toMatchObject({ up: true })
})
