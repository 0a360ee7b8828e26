/** What is asked of the kernel itself, of terminals, and of limits: the second half of `escapeProgram`, which defines `attempt` and the rest. */
export const kernelAttempts = String.raw`@attempt('kernel.user-namespace')
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

`
