import ipaddr from 'ipaddr.js'

/** Where a server listens. `port` 0 lets the system choose. */
export interface Listen {
  host: string
  port: number
}

/**
 * Reads `HOST:PORT`, `[v6]:PORT` or `PORT` (loopback is meant).
 * @returns `null` when it is neither; host names other than `localhost` are refused, a listener needs an address.
 */
export function parseListen(text: string): Listen | null {
  const match = /^(?:(?:\[([0-9a-fA-F:.%]+)\]|([0-9.]+|localhost)):)?(\d{1,5})$/.exec(text.trim())
  if (!match) return null
  const host = match[1] ?? match[2] ?? '127.0.0.1'
  const port = Number(match[3])
  if (port > 65_535) return null
  if (host === 'localhost') return { host: '127.0.0.1', port }
  return ipaddr.isValid(host) ? { host, port } : null
}

/** `127.0.0.1:80`, `[::1]:80`. */
export function formatListen({ host, port }: Listen): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** True for 127.0.0.0/8, ::1 and the v4-mapped form of the former. */
export function isLoopback(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  return ipaddr.process(address).range() === 'loopback'
}

/**
 * May a proxy connect there on behalf of somebody untrusted? Only global unicast qualifies: private, loopback,
 * link-local, metadata, CGNAT, multicast, reserved, documentation and every transition form that hides one of
 * them (mapped, NAT64, 6to4, Teredo) do not.
 * Source: IANA special-purpose registries, as tabled by ipaddr.js.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  if (parsed.range() !== 'unicast') return false
  // Global unicast IPv6 is 2000::/3 and nothing else; `::7f00:1` (an IPv4-compatible loopback) lies outside it.
  return parsed.kind() === 'ipv4' || parsed.match(ipaddr.parseCIDR('2000::/3'))
}

/**
 * One spelling for a host an attacker may spell in many: lower case, no trailing dot, no brackets, IDN as
 * A-label, and every legacy IPv4 form (`0x7f.1`, `2130706433`, `127.1`) as dotted decimal.
 * @returns `null` when no URL parser would accept it as a host.
 */
export function normaliseHost(host: string): string | null {
  if (host === '' || /[/@?#\\\s]/.test(host)) return null
  const bracketed = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  let parsed: string
  try {
    parsed = new URL(`http://${bracketed}/`).hostname
  } catch {
    return null
  }
  const bare = parsed.startsWith('[') ? parsed.slice(1, -1) : parsed
  const undotted = bare.endsWith('.') ? bare.slice(0, -1) : bare
  return undotted.split('.').includes('') ? null : undotted // an empty label names nothing
}
