import { networkInterfaces } from 'node:os'
import { messageOf } from '../base/index.ts'
import { runProgram, type RunProgram } from './processes.ts'

/** How the kernel would send a packet there. `unknown`: it could not be asked, which is not the same as no route. */
export type RouteFact = { route: Route } | { none: string } | { unknown: string }

export interface Route {
  interface: string
  /** Next hop; `null` when the network is attached. */
  gateway: string | null
  /** Our own address on that way. */
  source: string | null
}

/**
 * Asks the kernel itself, so that policy rules, several tables and VPNs count as they do for a connection. Sends nothing.
 * @param address IPv4 or IPv6, already judged to be one
 */
export async function routeTo(address: string, run: RunProgram = runProgram): Promise<RouteFact> {
  try {
    const { status, out, err } = await run(['ip', '-json', 'route', 'get', address], { timeoutMs: 5000 })
    if (status !== 0) return /unreachable|prohibited|no route/i.test(err) ? { none: err.trim().split('\n')[0]! } : { unknown: err.trim().slice(0, 200) }
    const [first] = JSON.parse(out) as { dev?: string; gateway?: string; via?: { host?: string }; prefsrc?: string; type?: string }[]
    if (!first?.dev || ['unreachable', 'blackhole', 'prohibit'].includes(first.type ?? '')) return { none: `the routing table has ${first?.type ?? 'nothing'} for it` }
    return { route: { interface: first.dev, gateway: first.gateway ?? first.via?.host ?? null, source: first.prefsrc ?? null } }
  } catch (error) {
    return { unknown: messageOf(error) }
  }
}

/** What kind of interface it is and whether it is up. */
export interface LinkFact {
  name: string
  /** `loopback`, `wireguard`, `tun`, `bridge`, `veth` …; `ethernet` for a plain one. */
  kind: string
  up: boolean
}

/** @returns `null` when there is no such interface, or nobody could be asked */
export async function linkOf(name: string, run: RunProgram = runProgram): Promise<LinkFact | null> {
  try {
    const { status, out } = await run(['ip', '-json', '-details', 'link', 'show', 'dev', name], { timeoutMs: 5000 })
    if (status !== 0) return null
    const [link] = JSON.parse(out) as { link_type?: string; flags?: string[]; linkinfo?: { info_kind?: string } }[]
    if (!link) return null
    const kind = link.link_type === 'loopback' ? 'loopback' : (link.linkinfo?.info_kind ?? (link.link_type === 'ether' ? 'ethernet' : (link.link_type ?? 'unknown')))
    return { name, kind, up: link.flags?.includes('UP') ?? false }
  } catch {
    return null
  }
}

/** The interface that has this address of ours, or `null`. */
export function interfaceWith(address: string): string | null {
  return Object.entries(networkInterfaces()).find(([, all]) => all?.some((one) => one.address === address))?.[0] ?? null
}
