import { messageOf } from '../base/index.ts'
import { interfaceWith, linkOf } from './network.ts'
import { findProgram, runProgram, type RunProgram } from './processes.ts'

/** One tunnel as it is now. */
export interface Tunnel {
  interface: string
  kind: 'wireguard' | 'tailscale'
  /** The interface is up and its program says it runs. */
  up: boolean
  /** Why it is not up; empty when it is. */
  why: string
  peers: readonly TunnelPeer[]
}

export interface TunnelPeer {
  /** Networks that are sent to this peer, as CIDRs. */
  networks: readonly string[]
  /** Wall time of the last handshake, ms; `null`: there was none, or the program does not say. */
  handshakeAt: number | null
  /** What the program itself says about the peer; `null`: it says nothing (WireGuard does not). */
  online: boolean | null
}

/** All tunnels, and what could not be read: a program that is there and does not answer hides a tunnel. */
export interface TunnelFacts {
  tunnels: readonly Tunnel[]
  unreadable: readonly string[]
}

export interface TunnelPorts {
  run: RunProgram
  /** Is this program installed? */
  has(program: string): boolean
  interfaceWith(address: string): string | null
}

const systemPorts: TunnelPorts = { run: runProgram, has: (program) => findProgram(program) !== null, interfaceWith }

/** Reads every WireGuard interface and Tailscale. Changes nothing, and reads no key that is not public. */
export async function readTunnels(ports: TunnelPorts = systemPorts): Promise<TunnelFacts> {
  const unreadable: string[] = []
  const attempt = async (program: string, read: (ports: TunnelPorts) => Promise<Tunnel[]>): Promise<Tunnel[]> => {
    if (!ports.has(program)) return []
    return await read(ports).catch((error: unknown) => {
      unreadable.push(`${program}: ${messageOf(error)}`)
      return []
    })
  }
  const tunnels = [...(await attempt('wg', readWireguard)), ...(await attempt('tailscale', readTailscale))]
  return { tunnels, unreadable }
}

/**
 * `wg show all dump` would say all of it at once, private keys and preshared keys included; these two do not.
 * Both print one peer a line, tab-separated: interface, public key, value (wg(8)).
 */
async function readWireguard(ports: TunnelPorts): Promise<Tunnel[]> {
  const ask = async (what: string): Promise<string> => {
    const { status, out, err } = await ports.run(['wg', 'show', ...what.split(' ')], { timeoutMs: 5000 })
    if (status !== 0) throw new Error(err.trim().slice(0, 200) || `ended with ${status}`)
    return out
  }
  const names = (await ask('interfaces')).trim().split(/\s+/).filter((name) => name !== '')
  if (names.length === 0) return []
  const [handshakes, networks] = [rowsOf(await ask('all latest-handshakes')), rowsOf(await ask('all allowed-ips'))]
  const tunnels = names.map(async (name): Promise<Tunnel> => {
    const link = await linkOf(name, ports.run)
    const peers = networks.filter(([of]) => of === name).map(([, key, list]) => ({
      networks: list === '(none)' ? [] : (list ?? '').split(' '),
      handshakeAt: handshakeOf(handshakes.find(([of, other]) => of === name && other === key)?.[2]),
      online: null,
    }))
    const why = link === null ? 'the interface is gone' : link.up ? '' : 'the interface is down'
    return { interface: name, kind: 'wireguard', up: why === '', why, peers }
  })
  return await Promise.all(tunnels)
}

function rowsOf(text: string): string[][] {
  return text.split('\n').filter((line) => line !== '').map((line) => line.split('\t'))
}

/** Seconds since 1970; 0 is never. */
function handshakeOf(seconds: string | undefined): number | null {
  const at = Number(seconds)
  return Number.isSafeInteger(at) && at > 0 ? at * 1000 : null
}

/** What we read of `tailscale status --json` (ipn/ipnstate, type Status). */
interface TailscaleStatus {
  BackendState?: string
  TailscaleIPs?: string[] | null
  Self?: { Online?: boolean; TailscaleIPs?: string[] | null } | null
  Peer?: Record<string, { AllowedIPs?: string[] | null; TailscaleIPs?: string[] | null; LastHandshake?: string; Online?: boolean }> | null
}

async function readTailscale({ run, interfaceWith: find }: TunnelPorts): Promise<Tunnel[]> {
  const { out, err, status } = await run(['tailscale', 'status', '--json'], { timeoutMs: 5000 })
  // Stopped or logged out it prints its state all the same, and ends with 1.
  if (!out.trimStart().startsWith('{')) throw new Error((err || out).trim().slice(0, 200) || `ended with ${status}`)
  const said = JSON.parse(out) as TailscaleStatus
  const own = (said.TailscaleIPs ?? said.Self?.TailscaleIPs ?? []).map(find).find((name) => name !== null) ?? null
  const why =
    said.BackendState !== 'Running' ? `tailscale is ${said.BackendState ?? 'in no state it tells'}`
    : own === null ? 'no interface has its address (userspace networking carries nothing of other programs)'
    : said.Self?.Online === false ? 'tailscale is not connected to its network'
    : ''
  const peers = Object.values(said.Peer ?? {}).map((peer) => ({
    networks: peer.AllowedIPs ?? (peer.TailscaleIPs ?? []).map((address) => `${address}/${address.includes(':') ? 128 : 32}`),
    handshakeAt: whenOf(peer.LastHandshake),
    online: peer.Online ?? null,
  }))
  return [{ interface: own ?? 'tailscale0', kind: 'tailscale', up: why === '', why, peers }]
}

/** Go's zero time, `0001-01-01T00:00:00Z`, is never. */
function whenOf(text: string | undefined): number | null {
  const at = Date.parse(text ?? '')
  return Number.isNaN(at) || at <= 0 ? null : at
}
