import { isPublicAddress } from '../../base/index.ts'

/** Names that stand for this machine, its network or a cloud's metadata service, whatever DNS says of them. */
const ownNames = new Set([
  'localhost',
  'ip6-localhost',
  'ip6-loopback',
  'broadcasthost',
  // Google Compute Engine docs, "About VM metadata"; AWS EC2 user guide, "instance-data".
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
])

/**
 * Zones nobody on the Internet answers for: private use (`.internal`, ICANN board 2024-07-29), multicast DNS (RFC
 * 6762), the home network (RFC 8375), loopback (RFC 6761), and the names resolvers append by themselves.
 */
const ownZones = ['internal', 'local', 'localhost', 'localdomain', 'home.arpa', 'lan', 'intranet', 'corp', 'home']

/** Public services that lead to whatever address the asker writes (by DNS, or by a redirect), or always to loopback. */
const anywhereZones = [
  'nip.io',
  'sslip.io',
  'xip.io',
  'xip.name',
  'traefik.me',
  'backname.io',
  'rbndr.us',
  '1u.ms',
  'localtest.me',
  'lvh.me',
  'vcap.me',
  'lacolhost.com',
  'localho.st',
  'local.gd',
  'r3dir.me',
]

/**
 * Why a name must not be asked for although it may be listed: it means a place on this side of the proxy.
 * @param host canonical, no address
 * @returns one clause for a person, or `null`: nothing against it
 */
export function privateName(host: string): string | null {
  if (!host.includes('.')) return 'it has no dot, so it means a machine of this network'
  if (ownNames.has(host) || ownZones.some((zone) => host.endsWith(`.${zone}`))) return 'it is a name of this machine or network'
  if (anywhereZones.some((zone) => host === zone || host.endsWith(`.${zone}`))) return 'its zone leads to any address one likes'
  const spelled = spelledAddress(host)
  return spelled === null ? null : `it spells the address ${spelled}`
}

/** `10-0-0-1.example.com`, `169.254.169.254.example.com`: names made to lead inside. */
function spelledAddress(host: string): string | null {
  for (const match of host.matchAll(/(?<![a-z0-9])(\d{1,3})([.-])(\d{1,3})\2(\d{1,3})\2(\d{1,3})(?![a-z0-9])/g)) {
    const address = [match[1], match[3], match[4], match[5]].map(Number)
    if (address.every((octet) => octet <= 255) && !isPublicAddress(address.join('.'))) return address.join('.')
  }
  return null
}
