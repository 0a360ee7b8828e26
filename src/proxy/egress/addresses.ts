import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { HardshellError, isPublicAddress } from '../../base/index.ts'
import type { Decision } from '../../policy/index.ts'
import { canonicalHost, type Target } from './target.ts'

/** What may be private all the same: networks, and names that may resolve into private networks. */
export interface PrivateAllowance {
  networks: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][]
  names: ReadonlySet<string>
}

/**
 * Reads `allow_private`: CIDRs, addresses and host names.
 * @throws HardshellError `egress.bad-host-rule`
 */
export function parsePrivateAllowance(entries: readonly string[]): PrivateAllowance {
  const networks: [ipaddr.IPv4 | ipaddr.IPv6, number][] = []
  const names = new Set<string>()
  for (const entry of entries) {
    const host = canonicalHost(entry)
    if (ipaddr.isValidCIDR(entry)) networks.push(ipaddr.parseCIDR(entry))
    else if (isIP(entry) !== 0) networks.push([ipaddr.parse(entry), isIP(entry) === 4 ? 32 : 128])
    else if (host !== null && isIP(host) === 0) names.add(host)
    else
      throw new HardshellError('egress.bad-host-rule', `allow_private: cannot read ${JSON.stringify(entry)}`, {
        hint: 'write a CIDR, an address or a host name',
      })
  }
  return { networks, names }
}

/**
 * May the proxy connect to what this name resolved to? One address that is not public condemns them all: a name
 * that mixes public and private addresses is how rebinding looks (an attacker owns the zone, so the answer is theirs).
 */
export function judgeAddresses(target: Target, addresses: readonly string[], allowance: PrivateAllowance): Decision {
  if (addresses.length === 0)
    return { allow: false, rule: 'egress.unresolved', reason: `${target.host} has no address` }
  const bad = addresses.find((address) => !isGlobal(address) && !isAllowedPrivate(target, address, allowance))
  if (bad === undefined)
    return { allow: true, rule: 'egress.public-address', reason: `${target.host} resolves to public addresses` }
  const reason = `${target.host} leads to ${bad}, which is not public; list it in allow_private if that is meant`
  return { allow: false, rule: 'egress.private-address', reason }
}

// IANA gives out global IPv6 addresses from here only. What lies outside may hide an IPv4 address in a form nobody
// uses any more: `::7f00:1` is ::127.0.0.1 (RFC 4291, section 2.5.5.1) and some stacks still act on it.
const globalV6 = ipaddr.parseCIDR('2000::/3')

function isGlobal(address: string): boolean {
  if (!isPublicAddress(address)) return false
  const parsed = ipaddr.process(address)
  return parsed.kind() === 'ipv4' || parsed.match(globalV6)
}

function isAllowedPrivate(target: Target, address: string, { networks, names }: PrivateAllowance): boolean {
  if (!ipaddr.isValid(address)) return false
  if (names.has(target.host)) return true
  const parsed = ipaddr.process(address) // ::ffff:10.0.0.1 is in 10.0.0.0/8
  return networks.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits))
}
