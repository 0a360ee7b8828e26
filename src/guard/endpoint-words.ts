import { messageOf } from '../base/index.ts'

/** What a failed look-up means, and what to do. */
export function explainName(host: string, error: unknown): { detail: string; next: string } {
  const code = codeOf(error)
  const known: Record<string, { detail: string; next: string }> = {
    ENOTFOUND: { detail: `${host} does not exist, or has no address`, next: 'is it spelled right? A name inside a VPN needs the resolver of the VPN (dns.servers in network.yaml)' },
    ENODATA: { detail: `${host} has no address that may be passed on`, next: `a private answer is withheld unless egress.allow_private lists ${host}; hardshell audit search dns.private-answer` },
    EREFUSED: { detail: `the DNS filter refuses ${host}`, next: 'hardshell audit search --type dns_query --last 15m names the rule' },
    ESERVFAIL: { detail: `no resolver answered for ${host}`, next: 'does the network work? dns.servers in network.yaml or /etc/resolv.conf name whom the filter asks' },
    ETIMEOUT: { detail: `nobody answered in time for ${host}`, next: 'is the resolver reachable? cat /etc/resolv.conf' },
    EAI_AGAIN: { detail: `no resolver answered for ${host}`, next: 'is the resolver reachable? cat /etc/resolv.conf' },
    ECONNREFUSED: { detail: 'nobody listens where names are asked for', next: 'hardshell status: does the guard run?' },
  }
  return known[code] ?? { detail: `${host} cannot be looked up: ${messageOf(error)}`, next: `dig ${host}` }
}

/** What a failed connection means, and what to do. */
export function explainConnect(addresses: readonly string[], port: number, error: unknown): { detail: string; next: string } {
  const where = `${addresses.slice(0, 4).join(', ')}, port ${port}`
  const code = codeOf(error)
  if (code === 'ECONNREFUSED') return { detail: `${where}: refused: the machine is there, nobody listens`, next: 'is the service running, and is the port right?' }
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return { detail: `${where}: no way there (${code})`, next: `ip route get ${addresses[0]}; is the VPN up?` }
  if (code === 'EACCES' || code === 'EPERM') return { detail: `${where}: the packet filter of this machine refuses it`, next: 'nft list ruleset' }
  return { detail: `${where}: ${messageOf(error)}`, next: 'a firewall in between drops packets in silence; does it answer from elsewhere?' }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
