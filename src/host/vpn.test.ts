import { describe, expect, it } from 'vitest'
import { parseResolvConf } from './resolv.ts'
import { linkOf, routeTo } from './network.ts'
import type { Ran, RunProgram } from './processes.ts'
import { readTunnels, type TunnelPorts } from './vpn.ts'
import { judgeVpn, type VpnCondition } from './vpn-condition.ts'

const ran = (out: string, more: Partial<Ran> = {}): Ran => ({ status: 0, out, err: '', ...more })
/** Answers to commands by their words; what is not listed failed. */
const answering = (answers: Record<string, Ran>): RunProgram => async (command) => answers[command.join(' ')] ?? ran('', { status: 1, err: `not expected: ${command.join(' ')}` })
const ports = (answers: Record<string, Ran>, more: Partial<TunnelPorts> = {}): TunnelPorts => ({
  run: answering(answers), has: (program) => Object.keys(answers).some((command) => command.startsWith(program)), interfaceWith: () => null, ...more,
})

// As wg(8) 1.0.20210914 prints them for two interfaces made with wireguard-go; keys are of nobody.
const keys = ['4mGkWgMW0yYiRfZkUqR5n0aCqJj3gSKl7t3oQ2f0eXY=', 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=']
const link = (name: string, up = true): Ran => ran(JSON.stringify([{ ifname: name, link_type: 'none', flags: up ? ['POINTOPOINT', 'NOARP', 'UP'] : ['POINTOPOINT', 'NOARP'], linkinfo: { info_kind: 'wireguard' } }]))
const wireguard = (more: Record<string, Ran> = {}): Record<string, Ran> => ({
  'wg show interfaces': ran('wg0 wg1\n'),
  'wg show all latest-handshakes': ran(`wg0\t${keys[0]}\t1795284000\nwg1\t${keys[1]}\t0\n`),
  'wg show all allowed-ips': ran(`wg0\t${keys[0]}\t10.8.0.0/16 fd00:8::/32\nwg1\t${keys[1]}\t(none)\n`),
  'ip -json -details link show dev wg0': link('wg0'),
  'ip -json -details link show dev wg1': link('wg1', false),
  ...more,
})
// The fields of ipn/ipnstate.Status as Tailscale's own programs print them, shortened.
const tailscale = (more: object = {}): Ran => ran(JSON.stringify({
  Version: '1.76.1', TUN: true, BackendState: 'Running', TailscaleIPs: ['100.101.102.103', 'fd7a:115c:a1e0::1'],
  Self: { HostName: 'here', DNSName: 'here.tail1234.ts.net.', OS: 'linux', TailscaleIPs: ['100.101.102.103'], Online: true },
  Peer: {
    'nodekey:1': { HostName: 'there', TailscaleIPs: ['100.64.0.2'], AllowedIPs: ['100.64.0.2/32', '10.9.0.0/24'], LastHandshake: '2026-11-21T12:00:00Z', Online: true },
    'nodekey:2': { HostName: 'away', TailscaleIPs: ['100.64.0.3'], LastHandshake: '0001-01-01T00:00:00Z', Online: false },
  },
  ...more,
}))

describe('tunnels', () => {
  it('of WireGuard are read without asking for a key that is not public', async () => {
    const { tunnels, unreadable } = await readTunnels(ports(wireguard()))
    expect(unreadable).toEqual([])
    expect(tunnels).toEqual([
      { interface: 'wg0', kind: 'wireguard', up: true, why: '', peers: [{ networks: ['10.8.0.0/16', 'fd00:8::/32'], handshakeAt: 1_795_284_000_000, online: null }] },
      { interface: 'wg1', kind: 'wireguard', up: false, why: 'the interface is down', peers: [{ networks: [], handshakeAt: null, online: null }] },
    ])
  })

  it('of Tailscale are read with who is online and which networks they take', async () => {
    const { tunnels } = await readTunnels(ports({ 'tailscale status --json': tailscale() }, { interfaceWith: (address) => (address === '100.101.102.103' ? 'tailscale0' : null) }))
    expect(tunnels).toEqual([{ interface: 'tailscale0', kind: 'tailscale', up: true, why: '', peers: [
      { networks: ['100.64.0.2/32', '10.9.0.0/24'], handshakeAt: Date.parse('2026-11-21T12:00:00Z'), online: true },
      { networks: ['100.64.0.3/32'], handshakeAt: null, online: false },
    ] }])
  })

  it.each([
    ['stopped', tailscale({ BackendState: 'Stopped' }), 'tailscale is Stopped'],
    ['logged out, with exit status 1', { ...tailscale({ BackendState: 'NeedsLogin', TailscaleIPs: null, Self: null, Peer: null }), status: 1 }, 'tailscale is NeedsLogin'],
    ['without an interface', tailscale({ TailscaleIPs: ['100.1.1.1'] }), 'no interface has its address'],
    ['offline', tailscale({ Self: { Online: false } }), 'not connected'],
  ])('of a Tailscale that is %s are down, and why is said', async (_, status, why) => {
    const { tunnels } = await readTunnels(ports({ 'tailscale status --json': status }, { interfaceWith: (address) => (address === '100.101.102.103' ? 'tailscale0' : null) }))
    expect(tunnels).toMatchObject([{ up: false, why: expect.stringContaining(why) }])
  })

  it('that cannot be read are told apart from tunnels that are not there', async () => {
    expect(await readTunnels(ports({}))).toEqual({ tunnels: [], unreadable: [] })
    const { unreadable } = await readTunnels(ports({ 'wg show interfaces': ran('', { status: 1, err: 'Unable to list interfaces: Operation not permitted' }), 'tailscale status --json': ran('failed to connect to local tailscaled', { status: 1 }) }))
    expect(unreadable).toEqual(['wg: Unable to list interfaces: Operation not permitted', 'tailscale: failed to connect to local tailscaled'])
  })
})

const now = 1_795_284_000_000 + 60_000
const condition: VpnCondition = { kind: 'any', interface: null, maxHandshakeAgeMs: 180_000, routes: [] }
const through = (name: string, address: string, text = address) => ({ text, targets: [{ address, fact: { route: { interface: name, gateway: null, source: null } } }] })
const facts = await readTunnels(ports(wireguard()))

describe('the condition that a VPN is up', () => {
  it('holds with a fresh peer, and with routes that lead into the tunnel to a peer that takes them', () => {
    expect(judgeVpn(condition, facts, now)).toEqual({ up: true, detail: 'wg0 (wireguard) is up, 1 of 1 peers live' })
    expect(judgeVpn({ ...condition, kind: 'wireguard', interface: 'wg0', routes: [through('wg0', '10.8.1.2', 'db.internal')] }, facts, now)).toMatchObject({ up: true, detail: expect.stringContaining('db.internal through it') })
  })

  it.each([
    ['an interface that is not there', { interface: 'wg9' }, 'there is no VPN tunnel (WireGuard or Tailscale) on wg9'],
    ['another kind', { kind: 'tailscale' as const }, 'there is no Tailscale'],
    ['an interface that is down', { interface: 'wg1' }, 'wg1: the interface is down'],
    ['a route that leads elsewhere', { routes: [through('eth0', '10.8.1.2')] }, 'reached through eth0, not through wg0'],
    ['a route nobody in the tunnel takes', { routes: [through('wg0', '10.9.1.2')] }, 'no live peer of wg0 takes 10.9.1.2'],
    ['a name without an address', { routes: [{ text: 'db.internal', targets: [] }] }, 'db.internal has no address'],
    ['no route', { routes: [{ text: 'x', targets: [{ address: '10.8.1.2', fact: { none: 'unreachable' } }] }] }, 'there is no route to 10.8.1.2'],
    ['a route nobody can read', { routes: [{ text: 'x', targets: [{ address: '10.8.1.2', fact: { unknown: 'no ip' } }] }] }, 'cannot be read: no ip'],
  ])('fails with %s', (_, more, reason) => {
    const verdict = judgeVpn({ ...condition, ...more }, facts, now)
    expect(verdict).toMatchObject({ up: false, reason: expect.stringContaining(reason), hint: expect.stringMatching(/./) })
  })

  it('fails when the peer was heard of too long ago', () => {
    expect(judgeVpn(condition, facts, now + 180_000)).toMatchObject({ up: false, reason: 'wg0: no peer was heard of in the last 3m' })
  })

  it('fails when nothing could be read, and says why', () => {
    expect(judgeVpn(condition, { tunnels: [], unreadable: ['wg: no'] }, now)).toMatchObject({ up: false, reason: expect.stringContaining('wg: no') })
  })

  it('takes the word of Tailscale for who is online', async () => {
    const { tunnels } = await readTunnels(ports({ 'tailscale status --json': tailscale() }, { interfaceWith: () => 'tailscale0' }))
    expect(judgeVpn({ ...condition, kind: 'tailscale', routes: [through('tailscale0', '10.9.0.7')] }, { tunnels, unreadable: [] }, now)).toMatchObject({ up: true })
    const away = tunnels.map((tunnel) => ({ ...tunnel, peers: tunnel.peers.slice(1) }))
    expect(judgeVpn({ ...condition, kind: 'tailscale' }, { tunnels: away, unreadable: [] }, now)).toMatchObject({ up: false, reason: 'tailscale0: no peer is online' })
  })
})

describe('a route', () => {
  const ask = (answer: Ran) => routeTo('10.0.0.9', answering({ 'ip -json route get 10.0.0.9': answer }))

  it('is what the kernel says it is', async () => {
    expect(await ask(ran('[{"dst":"10.0.0.9","gateway":"10.1.0.1","dev":"eth0","prefsrc":"10.1.0.7","flags":[],"uid":0,"cache":[]}]'))).toEqual({ route: { interface: 'eth0', gateway: '10.1.0.1', source: '10.1.0.7' } })
    expect(await ask(ran('', { status: 2, err: 'RTNETLINK answers: Network is unreachable\n' }))).toEqual({ none: 'RTNETLINK answers: Network is unreachable' })
    expect(await ask(ran('[{"type":"blackhole","dst":"10.0.0.9","dev":"lo"}]'))).toMatchObject({ none: expect.stringContaining('blackhole') })
  })

  it('is unknown when nobody can be asked', async () => {
    expect(await ask(ran('', { status: 127, err: 'ip: bad option' }))).toEqual({ unknown: 'ip: bad option' })
    expect(await routeTo('10.0.0.9', async () => Promise.reject(new Error('no ip')))).toEqual({ unknown: 'no ip' })
    expect(await linkOf('x', async () => Promise.reject(new Error('no ip')))).toBeNull()
  })
})

describe('resolv.conf', () => {
  it('names servers in order, three at most, and nothing else counts', () => {
    const text = '# nameserver 1.1.1.1\nnameserver 10.0.0.2\n\tnameserver fd00::53 \nsearch corp.example\nnameserver not-an-address\nnameserver 10.0.0.3\nnameserver 10.0.0.4\n'
    expect(parseResolvConf(text)).toEqual([{ host: '10.0.0.2', port: 53 }, { host: 'fd00::53', port: 53 }, { host: '10.0.0.3', port: 53 }])
    expect(parseResolvConf('')).toEqual([])
  })
})
