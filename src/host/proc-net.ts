/** A socket somebody can send to. */
export interface ListeningSocket {
  protocol: 'tcp' | 'udp'
  /** IPv4 dotted, IPv6 with all eight groups shortened by nobody but `::`. */
  address: string
  port: number
  uid: number
  inode: number
}

/** A TCP connection that stands, from this machine's side. */
export interface Connection {
  port: number
  peer: string
  peerPort: number
}

// tcp_states.h: established.
const established = '01'

/** The connections of /proc/net/tcp or tcp6. Pure. */
export function parseConnections(text: string): readonly Connection[] {
  return text.split('\n').slice(1).flatMap((line) => {
    const [, local, remote, state] = line.trim().split(/\s+/)
    if (state !== established) return []
    const [hex, port] = remote!.split(':')
    return [{ port: Number.parseInt(local!.split(':')[1]!, 16), peer: addressOf(hex!), peerPort: Number.parseInt(port!, 16) }]
  })
}

// tcp_states.h: listening. An unconnected UDP socket shows "closed".
const listening = { tcp: '0A', udp: '07' }

/** One of /proc/net/{tcp,tcp6,udp,udp6}; connected sockets are left out. Pure. */
export function parseProcNet(text: string, protocol: 'tcp' | 'udp'): readonly ListeningSocket[] {
  return text.split('\n').slice(1).flatMap((line) => {
    const [, local, remote, state, , , , uid, , inode] = line.trim().split(/\s+/)
    if (local === undefined || inode === undefined || state !== listening[protocol] || !remote!.endsWith(':0000')) return []
    const [hex, port] = local.split(':')
    return [{ protocol, address: addressOf(hex!), port: Number.parseInt(port!, 16), uid: Number(uid), inode: Number(inode) }]
  })
}

// The kernel prints each 32-bit word as the machine holds it: little endian on everything OpenClaw runs on.
function addressOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).reverse())
  if (bytes.length === 4) return bytes.join('.')
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
  if (isMapped) return bytes.slice(12).join('.')
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i]! << 8) | bytes[2 * i + 1]!).toString(16))
  return groups.join(':').replace(/(^|:)0(:0)+(:|$)/, '::')
}
