import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { formatDuration } from '../base/index.ts'
import type { RouteFact } from './network.ts'
import type { Tunnel, TunnelFacts } from './vpn.ts'

/** What has to hold for a tunnel to count (`require_vpn`). */
export interface VpnCondition {
  kind: 'wireguard' | 'tailscale' | 'any'
  /** `null`: whichever interface it has. */
  interface: string | null
  /** A peer that was last heard of longer ago is gone. Of WireGuard only: Tailscale says itself who is online. */
  maxHandshakeAgeMs: number
  /** Places that must be reached through the tunnel, each with its addresses and how they are routed. */
  routes: readonly RequiredRoute[]
}

export interface RequiredRoute {
  /** As the operator wrote it: a network, an address or a host name. */
  text: string
  /** Addresses it stands for; empty when a name does not resolve. */
  targets: readonly { address: string; fact: RouteFact }[]
}

/** The answer. What cannot be read is a no: nothing may leave on a guess. */
export type VpnVerdict = { up: true; detail: string } | { up: false; reason: string; hint: string }

/** Judges what was read. Pure. */
export function judgeVpn(condition: VpnCondition, { tunnels, unreadable }: TunnelFacts, now: number): VpnVerdict {
  const wanted = tunnels.filter((one) => (condition.kind === 'any' || one.kind === condition.kind) && (condition.interface === null || one.interface === condition.interface))
  const name = nameOf(condition)
  if (wanted.length === 0) {
    const more = unreadable.length > 0 ? ` (${unreadable.join('; ')})` : ''
    return no(`there is no ${name}${more}`, condition.kind === 'tailscale' ? 'tailscale up' : `wg-quick up ${condition.interface ?? 'wg0'}`)
  }
  const verdicts = wanted.map((tunnel) => judgeTunnel(tunnel, condition, now))
  return verdicts.find(({ up }) => up) ?? verdicts[0]!
}

function judgeTunnel(tunnel: Tunnel, condition: VpnCondition, now: number): VpnVerdict {
  const { interface: name } = tunnel
  if (!tunnel.up) return no(`${name}: ${tunnel.why}`, tunnel.kind === 'tailscale' ? 'tailscale up' : `wg-quick up ${name}`)
  const live = tunnel.peers.filter((peer) => isLive(peer, tunnel, condition, now))
  if (live.length === 0) {
    const age = `no peer was heard of in the last ${formatDuration(condition.maxHandshakeAgeMs)}`
    const reason = tunnel.peers.length === 0 ? 'it has no peer' : tunnel.kind === 'tailscale' ? 'no peer is online' : age
    return no(`${name}: ${reason}`, tunnel.kind === 'tailscale' ? 'tailscale status' : `wg show ${name}; PersistentKeepalive = 25 keeps an idle tunnel fresh`)
  }
  for (const route of condition.routes) {
    const wrong = judgeRoute(route, name, live.flatMap(({ networks }) => networks))
    if (wrong) return wrong
  }
  const through = condition.routes.length === 0 ? '' : `; ${condition.routes.map(({ text }) => text).join(', ')} through it`
  return { up: true, detail: `${name} (${tunnel.kind}) is up, ${live.length} of ${tunnel.peers.length} peers live${through}` }
}

// The kernel's seconds against our milliseconds, and a clock that is being steered.
const toleranceMs = 5_000

function isLive({ handshakeAt, online }: Tunnel['peers'][number], { kind }: Tunnel, { maxHandshakeAgeMs }: VpnCondition, now: number): boolean {
  if (kind === 'tailscale') return online === true
  // One that is yet to come was made before somebody set the clock back: nobody knows its age.
  return handshakeAt !== null && now - handshakeAt <= maxHandshakeAgeMs && handshakeAt - now <= toleranceMs
}

/** Routed into the tunnel is not enough: what no live peer takes is dropped there, or sent to one that is gone. */
function judgeRoute({ text, targets }: RequiredRoute, name: string, networks: readonly string[]): VpnVerdict | null {
  if (targets.length === 0) return no(`${text} has no address, so nobody can say where it leads`, `getent hosts ${text}`)
  for (const { address, fact } of targets) {
    if ('unknown' in fact) return no(`the route to ${address} (${text}) cannot be read: ${fact.unknown}`, `ip route get ${address}`)
    if ('none' in fact) return no(`there is no route to ${address} (${text}): ${fact.none}`, `ip route get ${address}`)
    if (fact.route.interface !== name) return no(`${address} (${text}) is reached through ${fact.route.interface}, not through ${name}`, `ip route get ${address}; AllowedIPs of the peer make the route`)
    if (!networks.some((network) => contains(network, address))) return no(`no live peer of ${name} takes ${address} (${text})`, 'wg show all allowed-ips')
  }
  return null
}

function contains(network: string, address: string): boolean {
  if (!ipaddr.isValidCIDR(network) || isIP(address) === 0) return false
  const [range, bits] = ipaddr.parseCIDR(network)
  const parsed = ipaddr.process(address)
  return range.kind() === parsed.kind() && parsed.match(range, bits)
}

function nameOf({ kind, interface: wanted }: VpnCondition): string {
  const what = kind === 'any' ? 'VPN tunnel (WireGuard or Tailscale)' : kind === 'wireguard' ? 'WireGuard tunnel' : 'Tailscale'
  return wanted === null ? what : `${what} on ${wanted}`
}

function no(reason: string, hint: string): VpnVerdict {
  return { up: false, reason, hint }
}
