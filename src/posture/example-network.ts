import { examplePeople } from './example-people.ts'

/** Files of examples: sockets as the kernel prints them, and a firewall of ufw with rules. */

const header = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'

/** `/proc/net/tcp` with these listening, `address:port`. */
export function listening(...places: readonly string[]): string {
  return header + places.map((place, index) => {
    const [address, port] = place.split(':') as [string, string]
    const hex = address.split('.').reverse().map((part) => Number(part).toString(16).padStart(2, '0')).join('').toUpperCase()
    return `   ${index}: ${hex}:${Number(port).toString(16).padStart(4, '0').toUpperCase()} 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 ${20_000 + index} 1\n`
  }).join('')
}

/** A machine with sshd and people, nothing else. */
export const exampleServer = { '/etc/ssh/sshd_config': 'UsePAM yes\n', '/usr/sbin/ufw': '', '/proc/net/tcp': listening('0.0.0.0:22'), ...examplePeople } as const

/** ufw as it is when it is on: `allow tcp 22` and the like, a comment behind `#`. */
export function ufwOn(...rules: readonly string[]): Record<string, string> {
  const tuples = rules.map((rule) => {
    const [words, comment] = rule.split('#') as [string, string?]
    const [action, protocol, ports, from = '0.0.0.0/0'] = words.trim().split(' ')
    return `### tuple ### ${action} ${protocol} ${ports} 0.0.0.0/0 any ${from} in${comment === undefined ? '' : ` comment=${Buffer.from(comment).toString('hex')}`}\n`
  })
  return {
    '/etc/ufw/ufw.conf': 'ENABLED=yes\nLOGLEVEL=low\n',
    '/etc/default/ufw': 'IPV6=yes\nDEFAULT_INPUT_POLICY="DROP"\nDEFAULT_OUTPUT_POLICY="ACCEPT"\n',
    '/etc/ufw/user.rules': `*filter\n${tuples.join('\n')}COMMIT\n`,
  }
}

/** nftables as a Debian starts it, with these words in its chain for what comes in. */
export function nftablesOn(policy: string, ...rules: readonly string[]): Record<string, string> {
  const chain = ['type filter hook input priority filter; ', policy, ...rules.map((rule) => `\n    ${rule}`)].join('')
  return {
    '/etc/systemd/system/sysinit.target.wants/nftables.service': '',
    '/etc/nftables.conf': `#!/usr/sbin/nft -f\n\nflush ruleset\n\ntable inet filter {\n  chain input {\n    ${chain}\n  }\n}\n`,
  }
}

/** firewalld with this zone for everybody. */
export function firewalldOn(zone: string): Record<string, string> {
  return {
    '/etc/systemd/system/multi-user.target.wants/firewalld.service': '',
    '/etc/firewalld/firewalld.conf': 'DefaultZone=public\n',
    '/etc/firewalld/zones/public.xml': zone,
  }
}
