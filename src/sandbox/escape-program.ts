// long: one program of some fifty short attempts, each a few lines of Python
import { kernelAttempts } from './escape-kernel.ts'

/**
 * Attempts to get out, in Python since OpenClaw needs one in the sandbox anyway. Reads what there would be to reach from
 * stdin (so that it stands in no argument somebody could find there), runs every attempt in a process of its own with a
 * time limit, and prints one JSON line each: `escaped` true or false, or null when the attempt itself broke; `detail`
 * what it got or what stopped it. An attempt answers with what it reached, or with nothing.
 *
 * Every attempt has to be harmless where it succeeds, even as root on a bare machine: it asks for what changes nothing
 * (the name the machine has already, a kernel image with flags that do not exist), or takes back what it did.
 */
export const escapeProgram = String.raw`
import ctypes, errno, json, os, platform, signal, socket, stat, struct, subprocess, sys, tempfile
facts = json.loads(sys.stdin.readline())
libc = ctypes.CDLL(None, use_errno=True)
X86 = platform.machine() == 'x86_64'
attempts = {}

def attempt(name):
    def keep(function):
        attempts[name] = function
        return function
    return keep

def call(x86, arm, *args):
    result = libc.syscall(ctypes.c_long(x86 if X86 else arm), *[ctypes.c_long(a) if isinstance(a, int) else a for a in args])
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result

def reached(act, what):
    # A call that is sure to fail, but for another reason than that it was not allowed.
    try: act()
    except OSError as error:
        if error.errno in (errno.EPERM, errno.ENOSYS, errno.EACCES): raise
    return what

def says(family, address, kind=socket.SOCK_STREAM):
    with socket.socket(family, kind) as line:
        line.settimeout(2)
        line.connect(address)
        return line.recv(200).decode()

def heard(text):
    return 'reached what listens outside' if facts['nonce'] in text else None

@attempt('network.loopback')
def _(): return heard(says(socket.AF_INET, ('127.0.0.1', facts['port'])))

@attempt('network.loopback-v6')
def _(): return heard(says(socket.AF_INET6, ('::1', facts['port6'])))

@attempt('network.own-address')
def _(): return heard(says(socket.AF_INET, (facts['address'], facts['port'])))

@attempt('network.mapped-address')
def _(): return heard(says(socket.AF_INET6, ('::ffff:127.0.0.1', facts['port'])))

@attempt('network.udp')
def _():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(1)
        line.sendto(b'hello', ('127.0.0.1', facts['udp']))
        return heard(line.recv(200).decode())

@attempt('network.metadata')
def _():
    with socket.socket() as line:
        line.settimeout(2)
        line.connect(('169.254.169.254', 80))
        return 'the metadata address answers'

@attempt('network.public')
def _():
    with socket.socket() as line:
        line.settimeout(2)
        line.connect(('1.1.1.1', 443))
        return 'a public address answers'

@attempt('network.names')
def _(): return str(socket.getaddrinfo('example.com', 443)[0][4])

@attempt('network.raw')
def _():
    socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).close()
    return 'a raw socket'

@attempt('network.packet')
def _():
    socket.socket(17, socket.SOCK_RAW, 0).close()
    return 'a packet socket'

@attempt('network.netlink')
def _():
    socket.socket(16, socket.SOCK_RAW, 0).close()
    return 'a netlink socket'

@attempt('network.vsock')
def _():
    socket.socket(40, socket.SOCK_STREAM).close()
    return 'a vsock socket: the hypervisor is a call away'

@attempt('network.alg')
def _():
    socket.socket(38, socket.SOCK_SEQPACKET).close()
    return 'a socket of the kernel cipher drivers'

@attempt('network.abstract-socket')
def _(): return heard(says(socket.AF_UNIX, '\0' + facts['abstract']))

@attempt('network.unix-socket')
def _(): return heard(says(socket.AF_UNIX, facts['socket']))

@attempt('network.interfaces')
def _():
    names = [line.split(':')[0].strip() for line in open('/proc/net/dev') if ':' in line]
    more = [name for name in names if name != 'lo']
    return 'interfaces: ' + ' '.join(more) if more else None

@attempt('processes.see')
def _():
    for entry in os.listdir('/proc'):
        try:
            if entry.isdigit() and facts['nonce'] in open('/proc/' + entry + '/cmdline').read(): return 'process ' + entry + ' of outside is visible'
        except OSError: pass

@attempt('processes.signal')
def _():
    os.kill(facts['pid'], 0)
    return 'a process of outside can be signalled'

def of_a_child(act):
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.read(read, 1)
        os._exit(0)
    try: return act(child)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

@attempt('processes.ptrace')
def _(): return of_a_child(lambda child: call(101, 117, 16, child, 0, 0) == 0 and 'attached to a process')

@attempt('processes.read-memory')
def _():
    def read(child):
        target = ctypes.create_string_buffer(b'x' * 8)
        mine = ctypes.create_string_buffer(8)
        there = struct.pack('QQ', ctypes.addressof(target), 8)
        here = struct.pack('QQ', ctypes.addressof(mine), 8)
        return call(310, 270, child, here, 1, there, 1, 0) == 8 and 'read the memory of a process'
    return of_a_child(read)

@attempt('processes.first-memory')
def _():
    open('/proc/1/mem', 'r+b').close()
    return 'the memory of process 1 can be written'

@attempt('processes.first-root')
def _():
    return 'root of process 1: ' + ' '.join(os.listdir('/proc/1/root'))

@attempt('processes.first-environment')
def _(): return 'environment of process 1: ' + str(len(open('/proc/1/environ').read())) + ' bytes'

def readable(paths):
    for path in paths:
        try:
            if os.path.isdir(path): os.listdir(path)
            else: open(path, 'rb').close()
            return path + ' can be read'
        except OSError as error: last = error
    raise last

@attempt('files.guard')
def _(): return readable(facts['guardFiles'])

@attempt('files.gateway')
def _(): return readable(facts['gatewayFiles'])

@attempt('files.other-agent')
def _(): return readable(facts['otherAgent'])

@attempt('files.homes')
def _():
    found = [path for path in ['/root'] + ['/home/' + name for name in os.listdir('/home')] if path != os.environ.get('HOME') and os.path.isdir(path) and os.access(path, os.R_OK)]
    return 'homes: ' + ' '.join(found) if found else None

@attempt('files.shadow')
def _(): return readable(['/etc/shadow'])

def writable(*paths):
    for path in paths:
        try:
            open(path, 'w').close()
            os.unlink(path)
            return path + ' can be written'
        except OSError as error: last = error
    raise last

@attempt('files.system')
def _(): return writable('/usr/hardshell-attempt', '/etc/hardshell-attempt', '/hardshell-attempt')

@attempt('files.own-programs')
def _(): return writable('/run/hardshell/programs/attempt', '/run/hardshell-attempt')

@attempt('files.symlink')
def _():
    with tempfile.TemporaryDirectory() as folder:
        link = os.path.join(folder, 'link')
        os.symlink(facts['outside'], link)
        return heard(open(link).read())

@attempt('files.dot-dot')
def _(): return heard(open('../' * 20 + facts['outside']).read())

@attempt('files.proc-root')
def _(): return heard(open('/proc/self/root' + facts['outside']).read())

@attempt('files.device-node')
def _():
    with tempfile.TemporaryDirectory() as folder:
        os.mknod(os.path.join(folder, 'disk'), 0o600 | stat.S_IFBLK, os.makedev(8, 0))
        return 'made a disk device'

@attempt('files.devices')
def _():
    known = {'full', 'null', 'random', 'tty', 'urandom', 'zero'}
    found = [name for name in os.listdir('/dev') if name not in known and (stat.S_ISBLK(os.lstat('/dev/' + name).st_mode) or stat.S_ISCHR(os.lstat('/dev/' + name).st_mode))]
    return 'devices: ' + ' '.join(found[:8]) if found else None

@attempt('files.kernel-settings')
def _():
    with open('/proc/sys/kernel/core_pattern', 'r+') as setting: return 'kernel.core_pattern can be written'

@attempt('files.sysrq')
def _():
    os.close(os.open('/proc/sysrq-trigger', os.O_WRONLY))
    return 'the machine could be rebooted'

@attempt('files.sys')
def _(): return readable(['/sys/kernel', '/sys/fs/cgroup'])

@attempt('files.container-sockets')
def _():
    found = [path for path in ['/var/run/docker.sock', '/run/docker.sock', '/run/podman/podman.sock', '/run/containerd/containerd.sock', '/run/dbus/system_bus_socket', os.environ.get('SSH_AUTH_SOCK', '')] + facts['sockets'] if path and os.path.exists(path)]
    return 'sockets: ' + ' '.join(found) if found else None

@attempt('files.environment')
def _():
    known = {'PATH', 'HOME', 'TMPDIR', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'PWD', 'OLDPWD', 'SHLVL', '_', 'LC_CTYPE', 'NODE_USE_ENV_PROXY'}
    more = [name for name in os.environ if name not in known and not name.lower().endswith('_proxy')]
    return 'variables: ' + ' '.join(more) if more else None

@attempt('files.open-files')
def _():
    def target(name):
        try: return os.readlink('/proc/self/fd/' + name)
        except OSError: return 'pipe: the one this list was read from'
    found = [target(name) for name in os.listdir('/proc/self/fd') if int(name) > 2]
    more = [path for path in found if not path.startswith('pipe:')]
    return 'left open: ' + ' '.join(more) if more else None

@attempt('identity.root')
def _():
    os.setuid(0)
    return 'became root'

@attempt('identity.capabilities')
def _():
    sets = {line.split()[0]: int(line.split()[1], 16) for line in open('/proc/self/status') if line.startswith('Cap')}
    held = {name: value for name, value in sets.items() if value}
    return str(held) if held else None

@attempt('identity.new-privileges')
def _():
    return 'a setuid program would gain privileges' if 'NoNewPrivs:\t0' in open('/proc/self/status').read() else None

@attempt('identity.shared-user')
def _(): return 'the user of the guard' if facts['uid'] is not None and os.getuid() == facts['uid'] else None

${kernelAttempts}def run(function):
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        signal.alarm(facts['seconds'])
        try: answer = {'escaped': bool(reached := function()), 'detail': reached or 'nothing there'}
        except (OSError, MemoryError) as error: answer = {'escaped': False, 'detail': 'no memory' if isinstance(error, MemoryError) else errno.errorcode.get(error.errno, '') + ' ' + (error.strerror or str(error))}
        except Exception as error: answer = {'escaped': None, 'detail': repr(error)}
        os.write(write, json.dumps(answer).encode())
        os._exit(0)
    os.close(write)
    text = b''
    while part := os.read(read, 65536): text += part
    os.close(read)
    _, status = os.waitpid(child, 0)
    return json.loads(text) if text else {'escaped': False, 'detail': 'ended by signal ' + str(status & 127)}

for name, function in attempts.items():
    if facts['only'] is None or name in facts['only']: print(json.dumps({'id': name, **run(function)}), flush=True)
`
