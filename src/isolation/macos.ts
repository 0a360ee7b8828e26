import type { Confinement } from './confinement.ts'

/**
 * Rules of pf for macOS (pf.conf(5): `user` is known for TCP and UDP only), shown to be loaded by hand. There is no
 * namespace on macOS, and nothing of ours loads or verifies them.
 */
export function pfAnchor({ name, uid, doors, gatewayPort }: Confinement): string[] {
  const ports = [doors.model, doors.egress, ...(doors.dns ? [doors.dns] : [])].map(({ port }) => port)
  const who = `user ${uid}`
  return [
    `+ # /etc/pf.anchors/${name}`,
    `+ pass out quick on lo0 proto tcp from any to 127.0.0.1 port { ${[...ports, gatewayPort].join(' ')} } ${who}`,
    ...(doors.dns ? [`+ pass out quick on lo0 proto udp from any to 127.0.0.1 port ${doors.dns.port} ${who}`] : []),
    `+ pass out quick on lo0 proto tcp from 127.0.0.1 port ${gatewayPort} to any ${who}`,
    `+ block return log out quick proto { tcp udp } from any to any ${who}`,
    `$ sudo pfctl -a ${name} -f /etc/pf.anchors/${name}`,
    `$ sudo pfctl -e`,
    '# not covered by pf: raw sockets (root only on macOS), unix sockets; add the anchor to /etc/pf.conf to keep it over a restart',
  ]
}
