import ipaddr from 'ipaddr.js'
import { HardshellError } from '../../base/index.ts'
import { refuse, type Step } from './call.ts'

/** Only addresses on the allow list, if there is one. The kernel's word counts, no header's. */
export const allowedPeer: Step = ({ visit }, { options }) => {
  if (options.allowedPeers === undefined || isInside(visit.peer, options.allowedPeers)) return 'next'
  return refuse(403, 'ingress.peer', 'this address is not on the allow list of the front door')
}

/** @throws HardshellError `ingress.bad-cidr` */
export function checkPeers(cidrs: readonly string[]): void {
  for (const cidr of cidrs) {
    if (ipaddr.isValidCIDR(cidr)) continue
    const more = { hint: 'an address range is written 10.0.0.0/8 or fd00::/8' }
    throw new HardshellError('ingress.bad-cidr', `api.ip_allowlist.cidrs: cannot read ${JSON.stringify(cidr)}`, more)
  }
}

function isInside(peer: string, cidrs: readonly string[]): boolean {
  if (!ipaddr.isValid(peer)) return false
  const address = ipaddr.process(peer) // ::ffff:10.0.0.1 is in 10.0.0.0/8
  return cidrs.some((cidr) => {
    const [network, bits] = ipaddr.parseCIDR(cidr)
    return network.kind() === address.kind() && address.match(network, bits)
  })
}
