import type { Change } from './change.ts'
import { command } from './command-change.ts'

/** The table that drops what nobody let in, and the one that keeps the network from OpenClaw's own ports. */
export const inboundTable = 'hardshell_inbound'
export const gatewayTable = 'hardshell_gateway'

const path = '/etc/nftables.conf'

/**
 * A table of our own at the end of /etc/nftables.conf: rules somebody wrote stay as they are, and a packet has to pass
 * theirs and ours. In a later chain, so that what theirs drops stays dropped.
 */
export function dropByDefault(conf: string, ports: readonly number[]): readonly Change[] {
  return withTable(conf, inboundTable, [
    'type filter hook input priority 10; policy drop;',
    'ct state established,related accept',
    'ct state invalid drop',
    'iif "lo" accept',
    // Neighbour discovery and path MTU; without them IPv6 ends in minutes (RFC 4890).
    'meta l4proto { icmp, ipv6-icmp } accept',
    // Answers of DHCP come from nobody the machine has asked (RFC 2131, RFC 8415).
    'udp dport { 68, 546 } accept',
    ...ports.map((port) => `tcp dport ${port} accept`),
  ])
}

/** The ports of OpenClaw are for this machine alone, whatever other rules say. */
export function dropPorts(conf: string, ports: readonly number[]): readonly Change[] {
  return withTable(conf, gatewayTable, ['type filter hook input priority -10; policy accept;', `iif != "lo" tcp dport { ${ports.join(', ')} } drop`])
}

function withTable(conf: string, name: string, rules: readonly string[]): readonly Change[] {
  // Made, taken away, made again: a file that is read twice, or without `flush ruleset` before it, leaves one table.
  const text = [`table inet ${name}`, `delete table inet ${name}`, `table inet ${name} {`, '  chain input {', ...rules.map((rule) => `    ${rule}`), '  }', '}'].join('\n')
  const before = conf === '' || conf.endsWith('\n') ? conf : `${conf}\n`
  return [
    { kind: 'file', path, from: conf, to: `${before}\n# By hardshell harden.\n${text}\n` },
    // What was put back into the file is still in the kernel where the file does not begin with `flush ruleset`.
    command(['nft', '-f', path], ['nft', 'delete', 'table', 'inet', name], `loads the table ${name}`),
  ]
}

/** Ports our table keeps the network from. */
export function portsDropped(conf: string): readonly number[] {
  const rule = new RegExp(`table inet ${gatewayTable} \\{[^]*?tcp dport \\{([^}]*)\\} drop`).exec(conf)
  return (rule?.[1] ?? '').split(',').map(Number).filter((port) => port > 0)
}
