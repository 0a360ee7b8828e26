import { isIP } from 'node:net'
import type { Connection } from '../../host/index.ts'
import type { Keep } from './keep.ts'

/** Our table in the kernel's packet filter. Nobody else's is touched: a packet has to please all of them. */
export const tableName = 'hardshell_lockdown'
/** The protocols that are shut, each for as long as it says: what is not in here any more passes as if we were not there. */
export const closedSet = 'closed'
export const keptSets = { ipv4: 'kept4', ipv6: 'kept6', ports: 'doors' } as const
const sessionSets = { ipv4: 'sessions4', ipv6: 'sessions6' } as const
export const counterNames = ['refused_in', 'refused_out', 'refused_through'] as const

/**
 * The whole table as one transaction. The way back is in the kernel itself: the protocols leave the set when their time
 * is over, whatever has died, and with them goes every rule.
 *
 * @param open connections that stand: those of kept addresses to a port of sshd go on, whoever speaks next. The kernel
 *   may begin to follow connections only now, and then takes what it sees first for the beginning
 * @param forS seconds; `null`: until it is lifted
 */
export function lockdownRules(keep: Keep, open: readonly Connection[], forS: number | null): string {
  return `${removal()}table inet ${tableName} {
${counterNames.map((name) => `  counter ${name} {\n  }\n`).join('')}
${set(closedSet, 'typeof meta nfproto', 'timeout', closed(forS))}
${set(keptSets.ipv4, 'type ipv4_addr', 'interval; auto-merge', keep.ipv4)}
${set(keptSets.ipv6, 'type ipv6_addr', 'interval; auto-merge', keep.ipv6)}
${set(keptSets.ports, 'type inet_service', null, keep.ports.map(String))}
${sessions('ipv4', 4, keep, open)}
${sessions('ipv6', 6, keep, open)}
${chain('input', 'inward', inward)}
${chain('output', 'outward', outward)}
${chain('forward', 'through', through)}}
`
}

/** Only the time, in one transaction: nothing opens meanwhile. */
export function closedFor(forS: number | null): string {
  return `flush set inet ${tableName} ${closedSet}\nadd element inet ${tableName} ${closedSet} { ${closed(forS).join(', ')} }\n`
}

/** Takes the table away, whether it is there or not. */
export function removal(): string {
  return `table inet ${tableName}\ndelete table inet ${tableName}\n`
}

function closed(forS: number | null): string[] {
  return ['ipv4', 'ipv6'].map((protocol) => (forS === null ? protocol : `${protocol} timeout ${forS}s`))
}

function set(name: string, type: string, flags: string | null, elements: readonly string[]): string {
  const lines = [type, ...(flags === null ? [] : [`flags ${flags}`]), ...(elements.length === 0 ? [] : [`elements = { ${elements.join(', ')} }`])]
  return `  set ${name} {\n${lines.map((line) => `    ${line}\n`).join('')}  }\n`
}

function sessions(kind: 'ipv4' | 'ipv6', version: number, { ports }: Keep, open: readonly Connection[]): string {
  const theirs = open.filter(({ peer, port }) => isIP(peer) === version && ports.includes(port))
  const elements = [...new Set(theirs.map(({ peer, port, peerPort }) => `${peer} . ${port} . ${peerPort}`))]
  return set(sessionSets[kind], `type ${kind}_addr . inet_service . inet_service`, null, elements)
}

// Behind connection tracking (-200), which tells replies from beginnings, and before the filters of others (0): what we
// accept they may still refuse, what we refuse they never see.
const priority = -150

function chain(hook: string, name: string, rules: readonly string[]): string {
  return `  chain ${hook} {
    type filter hook ${hook} priority ${priority}; policy accept;
    meta nfproto @${closedSet} jump ${name}
  }

  chain ${name} {
${rules.map((rule) => `    ${rule}\n`).join('')}  }
`
}

// Without these an address is lost after minutes or hours, and with it the operator: neighbour discovery and router
// advertisements (RFC 4861: sent with hop limit 255, which no router passes on), and the renewal of leases.
const addresses = 'icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 accept'

const inward = [
  'iifname "lo" accept',
  ...sshFrom(),
  addresses,
  'udp sport 67 udp dport 68 accept',
  'udp sport 547 udp dport 546 accept',
  'counter name refused_in drop',
]

// Replies only: a program that binds the port of sshd gets nowhere with it, and a pair of ports in use cannot be bound.
const outward = [
  'oifname "lo" accept',
  `ip daddr @${keptSets.ipv4} ip daddr . tcp sport . tcp dport @${sessionSets.ipv4} accept`,
  `ip6 daddr @${keptSets.ipv6} ip6 daddr . tcp sport . tcp dport @${sessionSets.ipv6} accept`,
  `ip daddr @${keptSets.ipv4} tcp sport @${keptSets.ports} ct direction reply accept`,
  `ip6 daddr @${keptSets.ipv6} tcp sport @${keptSets.ports} ct direction reply accept`,
  addresses,
  'udp sport 68 udp dport 67 accept',
  'udp sport 546 udp dport 547 accept',
  'counter name refused_out',
  'meta l4proto tcp reject with tcp reset',
  'reject with icmpx admin-prohibited',
]

const through = ['counter name refused_through drop']

function sshFrom(): string[] {
  return [`ip saddr @${keptSets.ipv4} tcp dport @${keptSets.ports} accept`, `ip6 saddr @${keptSets.ipv6} tcp dport @${keptSets.ports} accept`]
}
