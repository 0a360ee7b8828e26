import { inNode, inPython, type Attempt } from './attempt.ts'

// A connection that is neither made nor refused within this time left, and got lost elsewhere.
const patienceMs = 2500
// Without a witness there is only the kernel's word, and where the next hop does not exist it comes late: three questions for
// its address, a second apart (arp(7), mcast_solicit and retrans_time). Docker's internal networks have such a next hop.
const neighbourPatienceMs = 5000

/** @param connected what it means that somebody answered: a redirected connection is answered too, by our own filter */
function tcp(host: string, port: string, connected: 'escaped' | 'sent' = 'escaped', more = ''): Pick<Attempt, 'tool' | 'program'> {
  return inNode(`
const socket = net.connect({ host: ${host}, port: ${port}${more} })
socket.setTimeout(${patienceMs}, () => tell('sent', 'no answer'))
socket.on('error', failed)
socket.on('connect', () => socket.write(t.nonce, () => setTimeout(() => tell('${connected}', 'connected to ' + socket.remoteAddress + ' port ' + socket.remotePort), 150)))`)
}

function udp(kind: 'udp4' | 'udp6', port: number, payload = 't.nonce'): Pick<Attempt, 'tool' | 'program'> {
  return inNode(`
const socket = require('node:dgram').createSocket('${kind}')
socket.on('error', failed)
socket.send(${payload}, ${port}, ${kind === 'udp4' ? 't.v4' : 't.v6'}, (error) => error ? failed(error) : setTimeout(() => tell('sent', 'sent'), 150))`)
}

/** Metadata services hand out a machine's credentials; the address is only knocked at, nothing is asked. */
function metadata(host: string): Pick<Attempt, 'tool' | 'program'> {
  return inNode(`
const socket = net.connect({ host: '${host}', port: 80 })
socket.setTimeout(${neighbourPatienceMs}, () => tell('escaped', 'nothing refused it: the packet left this machine'))
socket.on('error', failed)
socket.on('connect', () => tell('escaped', 'connected'))`)
}

const rules = 'rules' as const

/** To other machines, by every protocol a program can ask the kernel for. */
export const outsideAttempts: readonly Attempt[] = [
  { id: 'tcp-ipv4', attempt: 'connect to another machine over IPv4', opensWithout: rules, ...tcp('t.v4', '443') },
  { id: 'tcp-ipv6', attempt: 'connect to another machine over IPv6', opensWithout: rules, ...tcp('t.v6', '443') },
  { id: 'tcp-mapped-ipv6', attempt: 'connect to an IPv4 address written as IPv6', opensWithout: rules, ...tcp(`'::ffff:' + t.v4`, '443') },
  { id: 'tcp-plain-http', attempt: 'connect to port 80 of another machine', opensWithout: rules, ...tcp('t.v4', '80') },
  {
    id: 'tcp-from-gateway-port',
    attempt: "connect out from the gateway's own port, whose answers are let through",
    opensWithout: rules,
    ...inPython(`
    outside = need_outside()
    s = socket.socket(); s.settimeout(2.5); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((outside['own4'], t['gatewayPort'])); s.connect((t['v4'], 443)); s.send(nonce)
    tell('escaped', 'connected')`),
  },
  {
    id: 'tcp-fast-open',
    attempt: 'send data with the first packet of a connection (TCP fast open)',
    opensWithout: rules,
    ...inPython(`
    import signal; signal.signal(signal.SIGALRM, lambda *_: tell('sent', 'no answer')); signal.alarm(3)
    s = socket.socket()
    s.sendto(nonce, 0x20000000, (t['v4'], 443)); time.sleep(0.2)
    tell('sent', 'sent')`),
  },
  {
    id: 'tcp-multipath',
    attempt: 'connect by Multipath TCP',
    opensWithout: rules,
    ...inPython(`
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262); s.settimeout(2.5)
    s.connect((t['v4'], 443)); s.send(nonce); tell('escaped', 'connected')`),
  },
  { id: 'udp-ipv4', attempt: 'send a datagram to another machine over IPv4', opensWithout: rules, ...udp('udp4', 9999) },
  { id: 'udp-ipv6', attempt: 'send a datagram to another machine over IPv6', opensWithout: rules, ...udp('udp6', 9999) },
  {
    id: 'quic',
    attempt: 'send what looks like the first packet of QUIC to port 443',
    opensWithout: rules,
    // A long header of version 1, padded to 1,200 bytes (RFC 9000, sections 14.1 and 17.2.2).
    ...udp('udp4', 443, `Buffer.concat([Buffer.from('c000000001', 'hex'), Buffer.from(t.nonce), Buffer.alloc(1200)])`),
  },
  { id: 'dns-udp-elsewhere', attempt: 'ask a name server of its own choice over UDP', opensWithout: rules, ...udp('udp4', 53) },
  { id: 'dns-udp-elsewhere-ipv6', attempt: 'the same over IPv6', opensWithout: rules, ...udp('udp6', 53) },
  { id: 'dns-tcp-elsewhere', attempt: 'ask a name server of its own choice over TCP', opensWithout: rules, ...tcp('t.v4', '53', 'sent') },
  { id: 'dns-over-tls', attempt: 'ask a name server over TLS, port 853', opensWithout: rules, ...tcp('t.v4', '853') },
  { id: 'dns-over-https', attempt: 'ask a name server over HTTPS by its address', opensWithout: rules, ...tcp('t.v6', '443') },
  {
    id: 'icmp-echo',
    attempt: 'send a ping that carries data',
    opensWithout: rules,
    ...inPython(`
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP)
    s.sendto(struct.pack('!BBHHH', 8, 0, 0, 0, 1) + nonce, (t['v4'], 0)); time.sleep(0.2)
    tell('sent', 'sent')`),
  },
  {
    id: 'icmp-echo-ipv6',
    attempt: 'send a ping over IPv6 that carries data',
    opensWithout: rules,
    ...inPython(`
    s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM, socket.IPPROTO_ICMPV6)
    s.sendto(struct.pack('!BBHHH', 128, 0, 0, 0, 1) + nonce, (t['v6'], 0)); time.sleep(0.2)
    tell('sent', 'sent')`),
  },
  {
    id: 'udp-lite',
    attempt: 'send by UDP-Lite, which filters of UDP do not see',
    opensWithout: rules,
    ...inPython(`
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM, 136)
    s.sendto(nonce, (t['v4'], 9999)); time.sleep(0.2); tell('sent', 'sent')`),
  },
  {
    id: 'sctp',
    attempt: 'connect by SCTP',
    opensWithout: rules,
    ...inPython(`
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 132); s.settimeout(2)
    s.connect((t['v4'], 443)); tell('escaped', 'connected')`),
  },
  {
    id: 'dccp',
    attempt: 'connect by DCCP',
    opensWithout: rules,
    ...inPython(`
    s = socket.socket(socket.AF_INET, 6, 33); s.settimeout(2)
    s.connect((t['v4'], 443)); tell('escaped', 'connected')`),
  },
  {
    id: 'io-uring',
    attempt: 'connect through io_uring, past filters of system calls',
    opensWithout: rules,
    // Offsets of struct io_uring_params, io_uring_sqe and io_uring_cqe (linux/io_uring.h); opcode 16 is CONNECT.
    ...inPython(`
    import mmap
    parameters = (ctypes.c_uint32 * 30)()
    try: ring = syscall(425, 4, ctypes.byref(parameters))
    except OSError as error:
        if error.errno == errno.ENOSYS and 'Seccomp:\\t2' in open('/proc/self/status').read(): tell('refused', 'the filter of system calls knows of none')
        raise
    sq = mmap.mmap(ring, 4096, offset=0); sqes = mmap.mmap(ring, 4096, offset=0x10000000)
    cq = sq if parameters[5] & 1 else mmap.mmap(ring, 4096, offset=0x8000000)
    s = socket.socket(); address = struct.pack('!HH4s8x', 0, 443, socket.inet_aton(t['v4']))
    address = struct.pack('=H', socket.AF_INET) + address[2:]
    buffer = ctypes.create_string_buffer(address)
    sqes[0:64] = struct.pack('=BBHiQQII', 16, 0, 0, s.fileno(), len(address), ctypes.addressof(buffer), 0, 0) + bytes(32)
    tail, array = parameters[11], parameters[16]
    sq[array:array + 4] = struct.pack('=I', 0); sq[tail:tail + 4] = struct.pack('=I', 1)
    import signal; signal.signal(signal.SIGALRM, lambda *_: tell('sent', 'no answer')); signal.alarm(3)
    syscall(426, ring, 1, 1, 1, None, 0)
    cqes = parameters[25]
    result = struct.unpack('=i', cq[cqes + 8:cqes + 12])[0]
    if result < 0: raise OSError(-result, '')
    s.send(nonce); tell('escaped', 'connected')`),
  },
  {
    id: 'broadcast',
    attempt: 'send to everybody on the local network',
    opensWithout: rules,
    ...inPython(`
    outside = need_outside()
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    s.sendto(nonce, (outside['broadcast4'], 9999)); time.sleep(0.2); tell('sent', 'sent')`),
  },
  {
    id: 'dhcp',
    attempt: 'send where a DHCP server would listen',
    opensWithout: rules,
    ...inPython(`
    outside = need_outside()
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    s.sendto(nonce, (outside['broadcast4'], 67)); time.sleep(0.2); tell('sent', 'sent')`),
  },
  ...([['multicast', '239.7.7.7', 9999], ['mdns', '224.0.0.251', 5353]] as const).map(([id, group, port]): Attempt => ({
    id,
    attempt: id === 'mdns' ? 'announce or ask by multicast DNS' : 'send to a multicast group',
    opensWithout: rules,
    ...inPython(`
    outside = need_outside()
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(outside['own4']))
    s.sendto(nonce, ('${group}', ${port})); time.sleep(0.2); tell('sent', 'sent')`),
  })),
  {
    id: 'multicast-ipv6',
    attempt: 'send to all neighbors over IPv6',
    opensWithout: rules,
    ...inPython(`
    outside = need_outside()
    index = socket.if_nametoindex(outside['interface'])
    s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    s.sendto(nonce, ('ff02::1', 9999, 0, index)); time.sleep(0.2); tell('sent', 'sent')`),
  },
  { id: 'metadata-ipv4', attempt: 'reach the metadata address of clouds, 169.254.169.254', opensWithout: rules, ...metadata('169.254.169.254') },
  { id: 'metadata-ipv6', attempt: 'reach the metadata address of clouds over IPv6, fd00:ec2::254', opensWithout: rules, ...metadata('fd00:ec2::254') },
]
