import { inNode, inPython, type Attempt } from './attempt.ts'

const never = 'nothing-here' as const
const ownUser = 'own-user' as const

/** Around the packet filter: raw packets, devices, rules and namespaces of the network. */
export const networkStackAttempts: readonly Attempt[] = [
  {
    id: 'raw-socket',
    attempt: 'send a raw IPv4 packet',
    opensWithout: ownUser,
    ...inPython(`
    s = socket.socket(socket.AF_INET, socket.SOCK_RAW, 253)
    s.sendto(nonce, (t['v4'], 0)); time.sleep(0.2); tell('sent', 'sent')`),
  },
  {
    id: 'raw-socket-ipv6',
    attempt: 'send a raw IPv6 packet',
    opensWithout: ownUser,
    ...inPython(`
    s = socket.socket(socket.AF_INET6, socket.SOCK_RAW, 253)
    s.sendto(nonce, (t['v6'], 0)); time.sleep(0.2); tell('sent', 'sent')`),
  },
  {
    id: 'raw-icmp',
    attempt: 'send a raw ICMP packet',
    opensWithout: ownUser,
    ...inPython(`
    s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    s.sendto(struct.pack('!BBHHH', 8, 0, 0, 0, 1) + nonce, (t['v4'], 0)); time.sleep(0.2); tell('sent', 'sent')`),
  },
  {
    id: 'packet-socket',
    attempt: 'write frames to a network card, below the packet filter',
    opensWithout: ownUser,
    ...inPython(`
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    tell('escaped', 'a packet socket was opened')`),
  },
  {
    id: 'xdp-socket',
    attempt: 'open an XDP socket, below the packet filter',
    opensWithout: ownUser,
    ...inPython(`
    socket.socket(44, socket.SOCK_RAW, 0); tell('escaped', 'an XDP socket was opened')`),
  },
  {
    id: 'tun-device',
    attempt: 'make a network card of its own (TUN)',
    opensWithout: ownUser,
    ...inPython(`
    import fcntl
    if not os.path.exists('/dev/net/tun'): tell('absent', 'there is no /dev/net/tun')
    device = os.open('/dev/net/tun', os.O_RDWR)
    fcntl.ioctl(device, 0x400454ca, struct.pack('16sH', b'hardshell-try', 0x1001))
    tell('escaped', 'a network card was made')`),
  },
  {
    id: 'address-change',
    attempt: 'give the machine another address by netlink',
    opensWithout: ownUser,
    // RTM_NEWADDR for 198.51.100.77/32 on loopback (rtnetlink(7)); taken away again should it ever work.
    ...inPython(`
    def ask(kind, flags):
        attribute = struct.pack('=HH4s', 8, 2, socket.inet_aton('198.51.100.77'))
        body = struct.pack('=BBBBI', socket.AF_INET, 32, 0, 0, 1) + attribute
        s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0); s.bind((0, 0))
        s.send(struct.pack('=IHHII', 16 + len(body), kind, flags, 1, 0) + body)
        return -struct.unpack('=i', s.recv(4096)[16:20])[0]
    code = ask(20, 0x605)
    if code not in (0, errno.EEXIST): raise OSError(code, '')
    ask(21, 0x5); tell('escaped', 'the address was added')`),
  },
  {
    id: 'filter-change',
    attempt: 'add a table to the packet filter',
    opensWithout: ownUser,
    // NFT_MSG_NEWTABLE in a batch (linux/netfilter/nfnetlink.h, nf_tables.h); taken away again should it ever work.
    ...inPython(`
    def message(kind, flags, body, seq): return struct.pack('=IHHII', 20 + len(body), kind, flags, seq, 0) + struct.pack('=BBH', 1, 0, socket.htons(10) if kind < 20 else 0) + body
    name = b'hardshell_try\\0'; attribute = struct.pack('=HH', 4 + len(name), 1) + name + bytes(-len(name) % 4)
    def ask(kind, flags):
        s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12); s.bind((0, 0)); s.settimeout(2)
        s.send(message(16, 1, b'', 1) + message((10 << 8) | kind, flags, attribute, 2) + message(17, 1, b'', 3))
        return -struct.unpack('=i', s.recv(4096)[16:20])[0]
    code = ask(0, 0x405)
    if code != 0: raise OSError(code, '')
    ask(2, 0x5); tell('escaped', 'a table was added')`),
  },
  {
    id: 'network-settings',
    attempt: "write the kernel's network settings",
    opensWithout: ownUser,
    ...inNode(`
const settings = ['ip_forward', 'conf/all/rp_filter', 'conf/all/route_localnet', 'ping_group_range', 'ip_unprivileged_port_start'].map((name) => '/proc/sys/net/ipv4/' + name)
tryEach('can write', settings.filter((file) => fs.existsSync(file)), (file) => fs.closeSync(fs.openSync(file, 'r+')))`),
  },
  {
    id: 'bpf-program',
    attempt: 'load a BPF program that handles packets',
    opensWithout: ownUser,
    // r0 = 0; exit. Type 3 (SCHED_CLS) is asked for; bpf(2).
    ...inPython(`
    code = ctypes.create_string_buffer(struct.pack('=BBhi', 0xb7, 0, 0, 0) + struct.pack('=BBhi', 0x95, 0, 0, 0))
    licence = ctypes.create_string_buffer(b'GPL')
    attributes = ctypes.create_string_buffer(struct.pack('=IIQQIIQII', 3, 2, ctypes.addressof(code), ctypes.addressof(licence), 0, 0, 0, 0, 0), 128)
    syscall(number('bpf'), 5, ctypes.byref(attributes), 128)
    tell('escaped', 'a program was loaded')`),
  },
  {
    id: 'join-machine-network',
    attempt: "enter the network of the machine's first process, or one that has a name",
    opensWithout: ownUser,
    ...inPython(`
    codes = set()
    for path in ['/proc/1/ns/net', '/proc/%d/ns/net' % t['guard']['pid']] + ['/run/netns/' + name for name in (os.listdir('/run/netns') if os.path.isdir('/run/netns') else [])]:
        try:
            done(libc.setns(os.open(path, os.O_RDONLY), 0x40000000)); tell('escaped', 'entered ' + path)
        except OSError as error: codes.add(errno.errorcode.get(error.errno, str(error)))
    tell('refused', ', '.join(sorted(codes)))`),
  },
  {
    id: 'user-namespace-way-out',
    attempt: 'make a user and network namespace of its own and get out from there',
    opensWithout: never,
    ...inPython(`
    try: done(libc.unshare(0x50000000))
    except OSError as error: tell('refused', 'user namespaces are closed to it: ' + errno.errorcode.get(error.errno, ''))
    s = socket.socket(); s.settimeout(1.5)
    try: s.connect((t['v4'], 443)); tell('escaped', 'connected')
    except OSError as error: tell('refused', 'the namespace could be made and has no way out (harmless by itself): ' + errno.errorcode.get(error.errno, str(error)))`),
  },
  {
    id: 'user-namespace-raw',
    attempt: 'become root of a user namespace of its own and open a raw socket on the real network',
    opensWithout: never,
    ...inPython(`
    try: done(libc.unshare(0x10000000))
    except OSError as error: tell('refused', 'user namespaces are closed to it: ' + errno.errorcode.get(error.errno, ''))
    socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0); tell('escaped', 'a packet socket was opened')`),
  },
  {
    id: 'vsock',
    attempt: 'speak to the machine underneath by vsock, which no packet filter sees',
    opensWithout: never,
    // Not tried against the hypervisor, which is a stranger; only whether the way exists is said.
    ...inPython(`
    try: socket.socket(40, socket.SOCK_STREAM, 0)
    except OSError as error: tell('refused' if error.errno not in unknown else 'absent', 'no such socket: ' + errno.errorcode.get(error.errno, ''))
    tell('escaped', 'such a socket can be had; who is at its other end was not tried')`),
  },
  {
    id: 'inherited-socket',
    attempt: 'find a network connection somebody left open in this process',
    opensWithout: never,
    ...inPython(`
    found = []
    for name in os.listdir('/proc/self/fd'):
        try:
            s = socket.socket(fileno=os.dup(int(name)))
            if s.family != socket.AF_UNIX: found.append(name)
        except OSError: pass
    tell('escaped', 'descriptors ' + ', '.join(found)) if found else tell('refused', 'there is none')`),
  },
  {
    id: 'keyring-name-lookup',
    attempt: 'have the kernel ask a name server on its behalf (request_key)',
    opensWithout: never,
    ...inPython(`
    syscall(number('request_key'), b'dns_resolver', t['nonce'].encode() + b'.invalid', b'', -2)
    tell('escaped', 'a root program was asked to resolve a name')`),
  },
]
