import type { Listen } from '../base/index.ts'
import type { Confinement, IsolationMode } from './confinement.ts'

/** Counters of our table, each with what it counts. */
export const counterNames = ['refused_tcp', 'refused_udp', 'refused_other'] as const

/** Has this mode a table of its own in the packet filter? */
export function hasRules(mode: IsolationMode): boolean {
  return mode === 'nftables' || mode === 'container'
}

/** The set of confined users in our table. */
export const uidSet = 'confined'

/**
 * The whole table as one transaction: what was there under our name goes, the new comes, nothing between is ever seen.
 *
 * @param expiresAfterS the kernel itself forgets the users after so many seconds, and with them every rule: the part
 *   of the dead-man timer that no signal and no crash can stop. `null`: they stay
 */
export function rulesetFor(confinement: Confinement, expiresAfterS: number | null): string {
  const { name, uid, sandboxUids } = confinement
  const users = [String(uid), ...(sandboxUids ? [`${sandboxUids.first}-${sandboxUids.last}`] : [])]
  const expiry = expiresAfterS === null ? '' : ` timeout ${expiresAfterS}s`
  return `table inet ${name}
delete table inet ${name}
table inet ${name} {
${counterNames.map((counter) => `  counter ${counter} {\n  }\n`).join('')}
  set ${uidSet} {
    typeof meta skuid
    flags interval,timeout
    elements = { ${users.map((user) => `${user}${expiry}`).join(', ')} }
  }
${namesChain(confinement)}
  chain output {
    type filter hook output priority -5; policy accept;
    meta skuid @${uidSet} jump only_the_guard
  }

  chain only_the_guard {
${[...allowed(confinement), ...refusals(name)].map((rule) => `    ${rule}\n`).join('')}  }
}
`
}

/** Takes the table away, whether it is there or not. */
export function removalOf(name: string): string {
  return `table inet ${name}\ndelete table inet ${name}\n`
}

// Whatever server a program asks, the filter answers. IPv6 has no filter to be sent to, and is refused with the rest.
function namesChain({ doors }: Confinement): string {
  if (doors.dns === null) return ''
  return `
  chain names {
    type nat hook output priority -100; policy accept;
    meta skuid @${uidSet} meta nfproto ipv4 udp dport 53 redirect to :${doors.dns.port}
    meta skuid @${uidSet} meta nfproto ipv4 tcp dport 53 redirect to :${doors.dns.port}
  }
`
}

function allowed({ doors, gatewayPort, loopbackPorts }: Confinement): string[] {
  const loopback = (port: number): Listen => ({ host: '127.0.0.1', port })
  const tcp = [doors.model, doors.egress, loopback(gatewayPort), ...loopbackPorts.map(loopback)]
  return [
    ...new Set(tcp.map((door) => `oifname "lo" ${towards(door)} tcp dport ${door.port} accept`)),
    // No device: a question that was led here still carries that of the server it was meant for.
    ...(doors.dns ? ['udp', 'tcp'].map((protocol) => `${towards(doors.dns!)} ${protocol} dport ${doors.dns!.port} accept`) : []),
    // What the gateway answers. Not any established connection: one that began before the rules would live on.
    `oifname "lo" tcp sport ${gatewayPort} ct direction reply accept`,
  ]
}

function towards({ host }: Listen): string {
  return `${host.includes(':') ? 'ip6' : 'ip'} daddr ${host === 'localhost' ? '127.0.0.1' : host}`
}

/** Counted, logged, answered. Ten lines a minute tell an operator who tries; a program that tries without end shall not fill the disk. */
export function refusals(name: string): string[] {
  return [
    'meta l4proto tcp counter name refused_tcp',
    'meta l4proto udp counter name refused_udp',
    'meta l4proto != { tcp, udp } counter name refused_other',
    `limit rate 10/minute burst 20 packets log prefix "${name} refused: " level info`,
    'meta l4proto tcp reject with tcp reset',
    'reject with icmpx admin-prohibited',
  ]
}
