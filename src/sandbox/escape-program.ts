// long: one program of some forty short attempts, each a few lines of Python
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

@attempt('kernel.user-namespace')
def _(): return call(272, 97, 0x10000000) == 0 and 'a user namespace'

@attempt('kernel.clone-namespace')
def _():
    child = call(56, 220, 0x10000000 | signal.SIGCHLD, 0, 0, 0, 0)
    if child == 0: os._exit(0)
    return 'a user namespace by clone'

@attempt('kernel.clone3-namespace')
def _():
    child = call(435, 435, struct.pack('QQQQQQQQ', 0x10000000, 0, 0, 0, signal.SIGCHLD, 0, 0, 0), 64)
    if child == 0: os._exit(0)
    return 'a user namespace by clone3'

@attempt('kernel.join-namespace')
def _():
    with open('/proc/self/ns/net') as namespace: return call(308, 268, namespace.fileno(), 0) == 0 and 'joined a namespace'

@attempt('kernel.mount')
def _():
    with tempfile.TemporaryDirectory() as folder:
        call(165, 40, b'none', folder.encode(), b'tmpfs', 0, 0)
        call(166, 39, folder.encode(), 2)
        return 'mounted a file system'

@attempt('kernel.new-mount-api')
def _(): return call(430, 430, b'tmpfs', 0) > 0 and 'opened a file system'

@attempt('kernel.chroot')
def _(): return call(161, 51, b'/') == 0 and 'changed the root'

@attempt('kernel.open-by-handle')
def _():
    handle = struct.pack('iiQ', 8, 1, 2)
    place = os.open('/', os.O_RDONLY)
    return call(304, 265, place, handle, 0) >= 0 and 'opened a file by its number'

@attempt('kernel.keyring')
def _(): return call(248, 217, b'user', b'hardshell-attempt', b'x', 1, -2) > 0 and 'a key in the keyring of the kernel'

@attempt('kernel.bpf')
def _():
    # BPF_MAP_CREATE, an array of one
    return call(321, 280, 0, struct.pack('IIIII', 2, 4, 8, 1, 0) + b'\0' * 52, 72) >= 0 and 'a map in the kernel'

@attempt('kernel.perf')
def _():
    # a software event of this process, user space only
    event = struct.pack('IIQQQQQ', 1, 72, 0, 0, 0, 0, (1 << 5) | (1 << 6)) + b'\0' * 24
    return call(298, 241, event, 0, -1, -1, 0) >= 0 and 'a performance counter'

@attempt('kernel.io-uring')
def _():
    return call(425, 425, 4, ctypes.create_string_buffer(120)) >= 0 and 'an io_uring'

@attempt('kernel.userfaultfd')
def _(): return call(323, 282, 1) >= 0 and 'a userfaultfd'

@attempt('kernel.log')
def _(): return call(103, 116, 3, ctypes.create_string_buffer(100), 100) >= 0 and 'the log of the kernel'

@attempt('kernel.no-randomization')
def _(): return call(135, 92, 0x0040000) >= 0 and 'address randomization is off'

@attempt('kernel.modules')
def _(): return reached(lambda: call(175, 105, b'', 0, b''), 'what loads kernel modules')

@attempt('kernel.kexec')
def _(): return reached(lambda: call(246, 104, 0, 0, 0, 0x8000), 'what starts another kernel')

@attempt('kernel.host-name')
def _():
    name = socket.gethostname().encode()
    return call(170, 161, name, len(name)) == 0 and 'named the machine'

@attempt('kernel.clock')
def _(): return call(159, 171, ctypes.create_string_buffer(256)) >= 0 and 'what adjusts the clock, asked without a change'

@attempt('kernel.unfiltered')
def _(): return 'no system call is filtered' if 'Seccomp:\t2' not in open('/proc/self/status').read() else None

@attempt('terminal.typed')
def _():
    import fcntl, pty
    child, master = pty.fork()
    if child == 0:
        try:
            fcntl.ioctl(0, 0x5412, b'x')
            os._exit(0)
        except OSError as error: os._exit(error.errno)
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status): raise OSError(os.waitstatus_to_exitcode(status), os.strerror(os.waitstatus_to_exitcode(status)))
    return 'typed into a terminal'

@attempt('terminal.of-the-guard')
def _():
    os.close(os.open('/dev/tty', os.O_RDWR))
    return 'a terminal of outside'

@attempt('limits.processes')
def _():
    import resource
    read, write = os.pipe()
    children = []
    try:
        while len(children) <= facts['processes']:
            child = os.fork()
            if child == 0:
                os.read(read, 1)
                os._exit(0)
            children.append(child)
        return str(len(children)) + ' processes'
    finally:
        for child in children: os.kill(child, signal.SIGKILL)

@attempt('limits.memory')
def _():
    held = []
    for _ in range(facts['memory'] // (8 << 20) + 2):
        held.append(bytearray(b'x' * (8 << 20)))
    return str(len(held) * 8) + ' MiB of memory'

@attempt('limits.file-size')
def _():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with tempfile.TemporaryFile() as file:
        os.ftruncate(file.fileno(), facts['fileSize'] + 1)
        return 'a file of ' + str(facts['fileSize'] + 1) + ' bytes'

@attempt('limits.open-files')
def _():
    held = []
    while len(held) <= facts['openFiles']: held.append(os.open('/dev/null', os.O_RDONLY))
    return str(len(held)) + ' open files'

def run(function):
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
