import ipaddr from 'ipaddr.js'
import { HardshellError } from '../../base/index.ts'
import type { Session } from '../../host/index.ts'

/** Who can still come in over SSH while everything else is shut. */
export interface Keep {
  /** Addresses and networks, as nftables writes them. */
  ipv4: readonly string[]
  ipv6: readonly string[]
  /** Ports sshd answers on. */
  ports: readonly number[]
}

/**
 * @param session who asks, and over which wire
 * @param wanted addresses or networks the operator names
 * @param sshPorts where sshd listens by its configuration
 * @throws HardshellError `incident.bad-address`
 */
export function keepFor({ connection }: Session, wanted: readonly string[], sshPorts: readonly number[]): Keep {
  const networks = [...(connection === null ? [] : [connection.peer]), ...wanted].map(networkOf)
  const of = (kind: 'ipv4' | 'ipv6'): string[] => [...new Set(networks.filter((network) => network.kind === kind).map(({ text }) => text))]
  return { ipv4: of('ipv4'), ipv6: of('ipv6'), ports: [...new Set([...(connection === null ? [] : [connection.port]), ...sshPorts])] }
}

/** An address as one, a network with its host bits cleared; v4 in v6 is v4, a zone (`%eth0`) is left out. */
function networkOf(said: string): { kind: 'ipv4' | 'ipv6'; text: string } {
  const [, address = '', prefix] = /^([\da-fA-F:.]+?)(?:%[^/]+)?(?:\/(\d{1,3}))?$/.exec(said) ?? []
  const [family, most, least] = address.includes(':') ? [ipaddr.IPv6, 128, leastBits.ipv6] : [ipaddr.IPv4, 32, leastBits.ipv4]
  const bits = Number(prefix ?? most)
  const isWritten = family === ipaddr.IPv6 ? ipaddr.IPv6.isValid(address) : ipaddr.IPv4.isValidFourPartDecimal(address)
  if (!isWritten || bits < least || bits > most) {
    throw new HardshellError('incident.bad-address', `${JSON.stringify(said)} is not an address or a network of at least /${least}`, { hint: 'hardshell lockdown --keep 203.0.113.7, or --keep 203.0.113.0/24' })
  }
  const parsed = bits === most ? ipaddr.process(address) : family.networkAddressFromCIDR(`${address}/${bits}`)
  return { kind: parsed.kind(), text: bits === most ? parsed.toString() : `${parsed.toString()}/${bits}` }
}

// `/0` would keep everybody, which is no lockdown; so little below these it is a typing error.
const leastBits = { ipv4: 8, ipv6: 16 } as const
