import { expect, it } from 'vitest'
import type { Config } from '../config/index.ts'
import type { TunnelFacts } from '../host/index.ts'
import { createVpnWatch } from './vpn-watch.ts'

const config = { require_vpn: { kind: 'any', max_handshake_age: 180_000, routes: [], check_every: 5000 } } as unknown as Config
const up: TunnelFacts = { tunnels: [{ interface: 'wg0', kind: 'wireguard', up: true, why: '', peers: [{ networks: [], handshakeAt: 1000, online: null }] }], unreadable: [] }
const down: TunnelFacts = { tunnels: [], unreadable: [] }

it('a look that took long does not open again what a later one has closed', async () => {
  let ms = 2000
  const answers: ((facts: TunnelFacts) => void)[] = []
  const watch = createVpnWatch(config, { clock: { now: () => 2000, monotonicMs: () => ms++ }, readTunnels: () => new Promise((resolve) => answers.push(resolve)), routesOf: async () => [] })!
  const [slow, quick] = [watch.check(), watch.check()]
  answers[1]!(down)
  await quick
  expect(watch.closedBy()).toMatchObject({ rule: 'vpn.down' })
  answers[0]!(up)
  await slow
  expect(watch.closedBy()).toMatchObject({ rule: 'vpn.down' })
})
