import { inNode, inPython, type Attempt } from './attempt.ts'

const ownUser = 'own-user' as const
const never = 'nothing-here' as const

function writable(id: string, attempt: string, files: readonly string[]): Attempt {
  return {
    id,
    attempt,
    opensWithout: ownUser,
    ...inNode(`tryEach('can write', ${JSON.stringify(files)}.filter((file) => fs.existsSync(file)), (file) => fs.accessSync(file, fs.constants.W_OK))`),
  }
}

function openable(id: string, attempt: string, list: string): Attempt {
  return { id, attempt, opensWithout: ownUser, ...inNode(`tryEach('opened', ${list}, (file) => fs.closeSync(fs.openSync(file, 'r')))`) }
}

/** To more rights on this machine, which would open everything else. */
export const machineAttempts: readonly Attempt[] = [
  {
    id: 'setuid-programs',
    attempt: 'run a program that gives more rights (sudo, su, pkexec)',
    opensWithout: never,
    ...inNode(`
const locked = /^NoNewPrivs:\\s+1/m.test(fs.readFileSync('/proc/self/status', 'utf8'))
const ways = [['/usr/bin/sudo', '-n', '/usr/bin/id', '-u'], ['/usr/bin/doas', '-n', '/usr/bin/id', '-u'], ['/usr/bin/pkexec', '--disable-internal-agent', '/usr/bin/id', '-u']].filter(([file]) => fs.existsSync(file))
const self = String(process.getuid())
const won = ways.filter(([file, ...args]) => { const ran = spawnSync(file, args, { timeout: 3000 }); return ran.status === 0 && String(ran.stdout).trim() === '0' && self !== '0' })
if (won.length > 0) tell('escaped', won.map(([file]) => file).join(', '))
else tell('refused', locked ? 'no_new_privs: such programs run with the rights of who calls them' : 'they want a password')`),
  },
  {
    id: 'capabilities',
    attempt: 'use a capability of root that was left to it',
    opensWithout: ownUser,
    ...inNode(`
const sets = Object.fromEntries([...fs.readFileSync('/proc/self/status', 'utf8').matchAll(/^(Cap\\w+):\\s+([0-9a-f]+)/gm)].map((m) => [m[1], m[2]]))
const left = ['CapEff', 'CapPrm', 'CapAmb', 'CapBnd'].filter((name) => !/^0+$/.test(sets[name]))
left.length > 0 && process.getuid() === 0 || left.some((name) => name !== 'CapBnd') ? tell('escaped', left.join(', ')) : tell('refused', left.length > 0 ? 'none is effective (the bounding set is not empty)' : 'there is none')`),
  },
  {
    id: 'become-root',
    attempt: 'change its user id to root, the guard or another user',
    opensWithout: ownUser,
    ...inNode(`tryEach('became', [0, 1, 65534], (uid) => process.setuid(uid))`),
  },
  writable('cron', 'have cron run something later', ['/var/spool/cron/crontabs', '/var/spool/cron', '/etc/cron.d', '/etc/crontab', '/etc/cron.hourly', '/var/spool/at', '/var/spool/cron/atjobs']),
  writable('systemd-units', 'have systemd run something later', ['/etc/systemd/system', '/run/systemd/system', '/usr/lib/systemd/system', '/etc/systemd/user', '/var/lib/systemd/linger']),
  {
    id: 'systemd-user-manager',
    attempt: 'have a systemd of its own run something outside',
    opensWithout: never,
    ...inNode(`
const folder = '/run/user/' + process.getuid()
const socket = folder + '/systemd/private'
if (!fs.existsSync(folder)) tell('refused', 'it has no session and no manager')
else net.connect(socket).on('connect', () => tell('escaped', 'answered: ' + socket)).on('error', failed)`),
  },
  writable('login-files', 'have the next login of somebody run something', ['/etc/profile', '/etc/profile.d', '/etc/environment', '/etc/bash.bashrc', '/root', '/etc/pam.d', '/etc/ssh', '/etc/sudoers.d', '/etc/passwd', '/etc/shadow']),
  writable('system-programs', 'replace a program of the system', ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/lib', '/boot', '/lib/modules']),
  openable('password-hashes', 'read the password hashes of the machine', `['/etc/shadow', '/etc/gshadow'].filter((file) => fs.existsSync(file))`),
  openable('machine-memory', "read the machine's memory", `['/dev/mem', '/dev/kmem', '/dev/port', '/proc/kcore'].filter((file) => fs.existsSync(file))`),
  openable('disks', 'read a disk below the file system', `list('/dev').filter((name) => /^(sd[a-z]|vd[a-z]|xvd[a-z]|nvme\\d+n\\d+|dm-\\d+|mmcblk\\d+|loop\\d+|loop-control|fuse-never)$/.test(name)).map((name) => '/dev/' + name)`),
  openable('kernel-log', 'read what the kernel logged', `['/dev/kmsg'].filter((file) => fs.existsSync(file))`),
  writable('core-pattern', 'have the kernel run a program as root when one crashes', ['/proc/sys/kernel/core_pattern', '/proc/sys/kernel/modprobe', '/proc/sys/kernel/hotplug', '/sys/kernel/uevent_helper', '/proc/sys/fs/binfmt_misc/register']),
  writable('kernel-settings', "change the kernel's settings", ['/proc/sys/kernel/yama/ptrace_scope', '/proc/sys/kernel/randomize_va_space', '/proc/sysrq-trigger', '/proc/sys/kernel/unprivileged_bpf_disabled', '/proc/sys/user/max_user_namespaces']),
  writable('control-groups', 'leave its control group, and the limits with it', ['/sys/fs/cgroup/cgroup.procs', '/sys/fs/cgroup/memory/cgroup.procs', '/sys/fs/cgroup/pids/cgroup.procs', '/sys/fs/cgroup/devices/release_agent', '/sys/fs/cgroup/release_agent']),
  {
    id: 'mount',
    attempt: 'mount a file system',
    opensWithout: ownUser,
    ...inPython(`
    target = '/tmp/hardshell-try-%d' % os.getpid(); os.mkdir(target)
    try:
        done(libc.mount(b'none', target.encode(), b'tmpfs', 0, b'size=4k')); libc.umount2(target.encode(), 2)
        tell('escaped', 'mounted')
    finally: os.rmdir(target)`),
  },
  {
    id: 'kernel-module',
    attempt: 'load a module into the kernel',
    opensWithout: ownUser,
    // An empty image: with the right to load one it is refused as no module (ENOEXEC), without it as forbidden.
    ...inPython(`
    try: syscall(number('init_module'), b'', 0, b'')
    except OSError as error:
        if error.errno != errno.ENOEXEC: raise
    tell('escaped', 'was let at the loader')`),
  },
  {
    id: 'performance-events',
    attempt: 'watch the whole machine by its performance counters',
    opensWithout: ownUser,
    ...inPython(`
    attributes = ctypes.create_string_buffer(struct.pack('=IIQ', 1, 120, 0), 120)
    syscall(number('perf_event_open'), ctypes.byref(attributes), -1, 0, -1, 0); tell('escaped', 'watches processor 0')`),
  },
  {
    id: 'keyring',
    attempt: "read keys of other users in the kernel's keyring",
    opensWithout: never,
    ...inPython(`
    if not os.path.exists('/proc/keys'): tell('absent', 'the kernel lists no keys')
    read = []
    for line in open('/proc/keys'):
        fields = line.split()
        if int(fields[5]) == os.getuid(): continue
        buffer = ctypes.create_string_buffer(64)
        # The gateway's own session has a keyring that root made for it, with nothing in it.
        try: length = syscall(number('keyctl'), 11, ctypes.c_int(int(fields[0], 16)), buffer, 64)
        except OSError: continue
        if length > 0: read.append(fields[7])
    tell('escaped', 'read ' + ', '.join(read)) if read else tell('refused', 'none of another user can be read')`),
  },
]
