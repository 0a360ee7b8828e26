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

// Ranges that are not public although they lie within what is: NAT64 of a network's own (RFC 8215), 6to4 relays (RFC
// 7526), AS112 (RFC 7534, 7535), and what is left of the block for IETF protocols (IANA special-purpose registry).
const special = ['64:ff9b::/96', '64:ff9b:1::/48', '192.88.99.0/24', '192.31.196.0/24', '192.175.48.0/24', '2001::/23', '2620:4f:8000::/48', '3fff::/20', '5f00::/16'].map(
  (network) => ipaddr.parseCIDR(network),
)
// Metadata services at addresses that look like anybody's (Alibaba and Oracle lie in ranges that are refused anyway).
const metadata = new Set(['168.63.129.16'])

// The same few addresses are asked about all day.
const known = new Map<string, boolean>()
const maxKnown = 4_096

function isGlobal(address: string): boolean {
  const before = known.get(address)
  if (before !== undefined) return before
  const global = isPublicAddress(address) && !metadata.has(address) && !isSpecial(address)
  if (known.size >= maxKnown) known.clear()
  known.set(address, global)
  return global
}

function isSpecial(address: string): boolean {
  const parsed = ipaddr.process(address)
  return special.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits))
}

// Where a name of `allow_private` may lead, whoever answers for it: to networks of one's own, never to what serves the
// credentials of the machine. Sources: AWS EC2 user guide (IPv6 metadata), Alibaba Cloud ECS "instance metadata".
const privateRanges = new Set(['private', 'loopback', 'uniqueLocal', 'carrierGradeNat'])
const ownMetadata = new Set(['fd00:ec2::254', 'fd20:ce::254', '100.100.100.200'])

type Parsed = ipaddr.IPv4 | ipaddr.IPv6 | null
const parsedBefore = new Map<string, Parsed>()

function parsedOf(address: string): Parsed {
  const before = parsedBefore.get(address)
  if (before !== undefined) return before
  const parsed = ipaddr.isValid(address) ? ipaddr.process(address) : null // ::ffff:10.0.0.1 is in 10.0.0.0/8
  if (parsedBefore.size >= maxKnown) parsedBefore.clear()
  parsedBefore.set(address, parsed)
  return parsed
}

function isAllowedPrivate(target: Target, address: string, { networks, names }: PrivateAllowance): boolean {
  if (networks.length === 0 && !names.has(target.host)) return false
  const parsed = parsedOf(address)
  if (parsed === null) return false
  if (names.has(target.host) && privateRanges.has(parsed.range()) && !ownMetadata.has(parsed.toString())) return true
  return networks.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits))
}
