import { inNode, inPython, type Attempt } from './attempt.ts'

function service(host: string, port: string): Pick<Attempt, 'tool' | 'program'> {
  return inNode(`
const socket = net.connect({ host: ${host}, port: ${port} })
socket.setTimeout(2500, () => tell('refused', 'no answer'))
socket.on('error', failed)
socket.on('connect', () => socket.write(t.nonce, () => setTimeout(() => tell('escaped', 'connected'), 100)))`)
}

/** Knocks at unix sockets that exist; `what` names those that opened. */
function knock(paths: string): Pick<Attempt, 'tool' | 'program'> {
  return inNode(`
const knock = (path) => new Promise((resolve) => {
  const socket = net.connect(path)
  socket.setTimeout(1000, () => { socket.destroy(); resolve('no answer') })
  socket.on('error', (error) => resolve(error.code))
  socket.on('connect', () => { socket.destroy(); resolve(null) })
})
;(async () => {
  const paths = (${paths}).filter((path) => !t.ownDoors.includes(path)).slice(0, 100)
  if (paths.length === 0) return tell('absent', 'there is none to be seen from here')
  const open = [], codes = new Set()
  for (const path of paths) { const code = await knock(path); if (code === null) open.push(path); else codes.add(code) }
  if (open.length > 0) tell('escaped', 'answered: ' + open.join(', ').replaceAll('\\0', '@'))
  else tell('refused', [...codes].join(', '))
})()`)
}

const engines = ['/run/docker.sock', '/var/run/docker.sock', '/run/podman/podman.sock', '/run/containerd/containerd.sock', '/run/crio/crio.sock', '/var/lib/lxd/unix.socket', '/var/lib/incus/unix.socket', '/run/libvirt/libvirt-sock', '/run/snapd.socket']
const deputies = ['/run/dbus/system_bus_socket', '/run/systemd/resolve/io.systemd.Resolve', '/run/nscd/socket', '/run/avahi-daemon/socket', '/run/cups/cups.sock', '/run/tailscale/tailscaled.sock']

const existing = (paths: readonly string[]): string => `${JSON.stringify(paths)}.filter((path) => fs.existsSync(path))`
// Inode 2 of a socket in /proc/net/unix is no use here: what counts is the path, and that somebody listens (flag 00010000).
const listening = `fs.readFileSync('/proc/net/unix', 'utf8').split('\\n').slice(1).map((line) => line.trim().split(/\\s+/)).filter((f) => f[3] === '00010000' && f[7]).map((f) => f[7])`

// A link-local address says nothing without the device it is behind, and that has another name in here.
const eachAddress = `
const devices = Object.entries(require('node:os').networkInterfaces()).filter(([, all]) => all.some((one) => !one.internal)).map(([name]) => name)
const aims = t.services.machine.flatMap((one) => one.host.startsWith('fe80') ? devices.map((device) => ({ ...one, host: one.host.split('%')[0] + '%' + device })) : [one])`

const rules = 'rules' as const
const ownUser = 'own-user' as const

/** To other programs of this machine. */
export const socketAttempts: readonly Attempt[] = [
  { id: 'loopback-ipv4', attempt: 'connect to a service of root on loopback', opensWithout: rules, ...service(`'127.0.0.1'`, 't.services.tcp4') },
  { id: 'loopback-ipv6', attempt: 'connect to a service of root on the loopback of IPv6', opensWithout: rules, ...service(`'::1'`, 't.services.tcp6') },
  { id: 'loopback-mapped', attempt: 'connect to loopback written as an IPv6 address', opensWithout: rules, ...service(`'::ffff:127.0.0.1'`, 't.services.tcp4') },
  { id: 'loopback-other-address', attempt: 'connect to a service on another loopback address, as local resolvers have', opensWithout: rules, ...service(`'127.77.0.1'`, 't.services.otherLoopback') },
  { id: 'loopback-any-address', attempt: 'connect to 0.0.0.0, which is this machine too', opensWithout: rules, ...service(`'0.0.0.0'`, 't.services.tcp4') },
  {
    id: 'loopback-udp',
    attempt: 'send a datagram to a service of root on loopback',
    opensWithout: rules,
    ...inNode(`
const socket = require('node:dgram').createSocket('udp4')
socket.on('error', failed)
socket.send(t.nonce, t.services.udp4, '127.0.0.1', (error) => error ? failed(error) : setTimeout(() => tell('refused', 'sent, and not received'), 150))`),
  },
  { id: 'own-address', attempt: "connect to a service of this machine by the machine's own address", opensWithout: rules, ...inNode(`
if (t.outside === null) tell('absent', 'no address of ours to aim at (not root)')
else {
  const socket = net.connect({ host: t.outside.own4, port: t.services.ownAddress })
  socket.setTimeout(2500, () => tell('refused', 'no answer'))
  socket.on('error', failed)
  socket.on('connect', () => tell('escaped', 'connected'))
}`) },
  {
    id: 'machine-addresses',
    attempt: 'connect to a service of this machine at each address it has towards the agent, link-local ones too',
    opensWithout: rules,
    ...inNode(`
${eachAddress}
const knock = ({ host, tcp }) => new Promise((resolve) => {
  const socket = net.connect({ host, port: tcp })
  socket.setTimeout(2500, () => { socket.destroy(); resolve('no answer') })
  socket.on('error', (error) => resolve(error.code))
  socket.on('connect', () => resolve(null))
})
;(async () => {
  const codes = new Set()
  for (const one of aims) { const code = await knock(one); if (code === null) return tell('escaped', 'connected to ' + one.host); codes.add(code) }
  codes.size === 0 ? tell('absent', 'no address to aim at') : tell('refused', [...codes].join(', '))
})()`),
  },
  {
    id: 'machine-addresses-udp',
    attempt: 'send a datagram to a service of this machine at each of these addresses',
    opensWithout: rules,
    ...inNode(`
${eachAddress}
const send = ({ host, udp }) => new Promise((resolve) => {
  const socket = require('node:dgram').createSocket(host.includes(':') ? 'udp6' : 'udp4')
  socket.on('error', (error) => resolve(error.code))
  socket.send(t.nonce, udp, host, (error) => resolve(error ? error.code : 'sent, and not received'))
})
;(async () => {
  const codes = new Set()
  for (const one of aims) codes.add(await send(one))
  setTimeout(() => codes.size === 0 ? tell('absent', 'no address to aim at') : tell('refused', [...codes].join(', ')), 200)
})()`),
  },
  { id: 'container-engines', attempt: 'ask a container engine to start something (docker, podman, containerd, LXD, libvirt, snap)', opensWithout: 'nothing-here', ...knock(existing(engines)) },
  { id: 'helpful-daemons', attempt: 'ask a daemon with a network of its own (D-Bus, resolved, nscd, avahi, CUPS, Tailscale)', opensWithout: 'nothing-here', ...knock(existing(deputies)) },
  { id: 'abstract-sockets', attempt: "connect to another user's abstract unix socket", opensWithout: rules, ...knock(`${listening}.filter((path) => path.startsWith('@')).map((path) => '\\0' + path.slice(1))`) },
  { id: 'agents-and-terminals', attempt: "connect to somebody's ssh-agent, gpg-agent, tmux or screen", opensWithout: 'nothing-here', ...knock(`${listening}.filter((path) => /ssh-|agent|tmux|screen|gnupg/.test(path))`) },
  { id: 'guard-control-socket', attempt: "connect to the guard's control socket", opensWithout: ownUser, ...knock('[t.guard.socket]') },
  {
    id: 'guard-port-squatting',
    attempt: "listen on the guard's ports in its place",
    opensWithout: 'nothing-here',
    ...inPython(`
    codes = set()
    for port in t['guard']['ports']:
        s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try: s.bind(('127.0.0.1', port)); s.listen(); tell('escaped', 'listens on port %d' % port)
        except OSError as error: codes.add(errno.errorcode.get(error.errno))
    tell('refused', ', '.join(codes)) if codes else tell('absent', 'no door is open')`),
  },
  {
    id: 'guard-port-sharing',
    attempt: "share the guard's ports (SO_REUSEPORT), to be handed some of its connections",
    opensWithout: 'nothing-here',
    ...inPython(`
    codes = set()
    for host in ('127.0.0.1', '0.0.0.0'):
        for port in t['guard']['ports']:
            s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            try: s.bind((host, port)); s.listen(); tell('escaped', 'shares port %d of %s' % (port, host))
            except OSError as error: codes.add(errno.errorcode.get(error.errno))
    tell('refused', ', '.join(codes)) if codes else tell('absent', 'no door is open')`),
  },
]
