import { afterEach, describe, expect, it } from 'vitest'
import type { NewEntry } from '../auditlog/index.ts'
import type { Config } from '../config/index.ts'
import type { TunnelFacts, VpnVerdict } from '../host/index.ts'
import { createVpnWatch, tellVpn, type VpnWatch } from './vpn-watch.ts'

const config = { require_vpn: { kind: 'any', max_handshake_age: 180_000, routes: [], check_every: 5 } } as unknown as Config
const tunnel: TunnelFacts = { tunnels: [{ interface: 'wg0', kind: 'wireguard', up: true, why: '', peers: [{ networks: [], handshakeAt: 1000, online: null }] }], unreadable: [] }
const open: VpnWatch[] = []
afterEach(() => {
  for (const watch of open.splice(0)) watch.stop()
})

function made(read: () => Promise<TunnelFacts>): { watch: VpnWatch; advance(ms: number): void } {
  let ms = 2000
  const watch = createVpnWatch(config, { clock: { now: () => 2000, monotonicMs: () => ms }, readTunnels: read, routesOf: async () => [] })!
  open.push(watch)
  return { watch, advance: (by) => void (ms += by) }
}

describe('the watch over the VPN', () => {
  it('is none when no VPN is required', () => {
    expect(createVpnWatch({} as Config)).toBeNull()
  })

  it('is closed until it has looked, open while the tunnel is up, closed when it is down', async () => {
    let facts = tunnel
    const { watch } = made(async () => facts)
    expect(watch.closedBy()).toMatchObject({ rule: 'vpn.unknown' })
    await watch.check()
    expect(watch.closedBy()).toBeNull()
    facts = { tunnels: [], unreadable: [] }
    await watch.check()
    expect(watch.closedBy()).toMatchObject({ rule: 'vpn.down', reason: expect.stringContaining('there is no VPN tunnel') })
  })

  it('is closed when it was not looked at for a while, and when looking fails', async () => {
    let fail = false
    const { watch, advance } = made(async () => (fail ? Promise.reject(new Error('no wg')) : tunnel))
    await watch.check()
    advance(20_000)
    expect(watch.closedBy()).toMatchObject({ rule: 'vpn.unknown', reason: expect.stringContaining('20s ago') })
    fail = true
    expect(await watch.check()).toMatchObject({ up: false, reason: expect.stringContaining('no wg') })
    expect(watch.closedBy()).toMatchObject({ rule: 'vpn.down' })
  })

  it('tells once when the tunnel goes, and once when it comes back', async () => {
    let facts = tunnel
    const { watch } = made(async () => facts)
    await watch.check()
    const told: boolean[] = []
    const next = (): Promise<boolean> => new Promise((resolve) => watch.start(({ up }) => resolve(told.push(up) > 0 && up)))
    const gone = next()
    facts = { tunnels: [], unreadable: [] }
    expect(await gone).toBe(false)
    const back = next()
    facts = tunnel
    expect(await back).toBe(true)
    expect(told).toEqual([false, true])
  })
})

describe('a VPN that goes down', () => {
  const tell = async (verdict: VpnVerdict, append: (entry: NewEntry) => Promise<never>) => {
    const done: string[] = []
    const log = { append: async (entry: NewEntry) => (done.push(`${entry.event_type} ${entry.rule}`), await append(entry)) }
    await tellVpn(verdict, { log, pulse: { prove: async () => (done.push('prove'), []) }, cut: (_, reason) => done.push(`cut: ${reason}`) })
    return done
  }

  it('has what is under way cut before anything else, then an alert, then new proofs, with or without a log', async () => {
    const full = async (): Promise<never> => Promise.reject(new Error('disk full'))
    expect(await tell({ up: false, reason: 'wg0: gone', hint: '' }, full)).toEqual(['cut: the VPN went down: wg0: gone', 'alert vpn.down', 'prove'])
  })

  it('cuts nothing when it comes back', async () => {
    expect(await tell({ up: true, detail: 'wg0' }, async () => ({ seq: 0, hash: '' }) as never)).toEqual(['lifecycle vpn.up', 'prove'])
  })
})
