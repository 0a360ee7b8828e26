import { allow, answer, assemble, auditArch, failWith, jumpAnyBit, jumpGreater, killProcess, load, offsetOfArch, offsetOfArgument, offsetOfNumber, unlessEqual, unlessOneOf, whenEqual } from '../host/index.ts'
import { syscallNumber, type Machine, type SyscallName } from './syscalls.ts'

/**
 * The system calls a program in the sandbox may make, as the bytes of a classic BPF program (`struct sock_filter`,
 * eight bytes each, little endian), for `prctl(PR_SET_SECCOMP)`.
 *
 * A list of what is refused, closed at its end: whatever the kernel learnt after the newest call judged here does not
 * exist in the sandbox. Refused is what makes or joins namespaces, mounts, looks into other processes, loads code into
 * the kernel, reaches the keyring, or has been the way out of sandboxes before; no build, shell or interpreter needs it.
 * Source: the default profiles of Docker (moby profiles/seccomp) and Flatpak (flatpak-run.c), which refuse the same.
 */
export function seccompFilter(machine: Machine): Buffer {
  const at = (name: SyscallName): number | null => syscallNumber(name, machine)
  return assemble([
    load(offsetOfArch),
    ...unlessEqual(auditArch[machine], [answer(killProcess)]),
    load(offsetOfNumber),
    // Also the calls of x32, which start at 0x40000000 and are nobody's on a machine of today.
    [jumpGreater, newestJudged, 0, 1],
    answer(failWith(ENOSYS)),
    ...refused.flatMap((name) => whenEqual(at(name), [answer(failWith(EPERM))])),
    ...missing.flatMap((name) => whenEqual(at(name), [answer(failWith(ENOSYS))])),
    ...whenEqual(at('clone'), [load(offsetOfArgument(0)), [jumpAnyBit, newNamespaces, 0, 1], answer(failWith(EPERM)), answer(allow)]),
    ...whenEqual(at('socket'), [load(offsetOfArgument(0)), ...unlessOneOf(socketFamilies, [answer(failWith(EAFNOSUPPORT))]), answer(allow)]),
    // TIPC makes pairs too, and the kernel loads it for whoever asks.
    ...whenEqual(at('socketpair'), [load(offsetOfArgument(0)), ...unlessOneOf(socketFamilies, [answer(failWith(EAFNOSUPPORT))]), answer(allow)]),
    ...whenEqual(at('ioctl'), [load(offsetOfArgument(1)), ...typedCharacters.flatMap((request) => whenEqual(request, [answer(failWith(EPERM))])), answer(allow)]),
    ...whenEqual(at('personality'), [load(offsetOfArgument(0)), ...unlessOneOf(personalities, [answer(failWith(EPERM))]), answer(allow)]),
    answer(allow),
  ])
}

/** `mseal` of Linux 6.10. What came later (`setxattrat` and on) no program needs yet. */
const newestJudged = 462

const refused: readonly SyscallName[] = [
  '_sysctl', 'acct', 'add_key', 'adjtimex', 'bpf', 'chroot', 'clock_adjtime', 'clock_settime', 'create_module', 'delete_module',
  'fanotify_init', 'finit_module', 'fsconfig', 'fsmount', 'fsopen', 'fspick', 'get_kernel_syms', 'get_mempolicy', 'init_module',
  'ioperm', 'iopl', 'kcmp', 'kexec_file_load', 'kexec_load', 'keyctl', 'listmount', 'lookup_dcookie', 'lsm_get_self_attr',
  'lsm_list_modules', 'lsm_set_self_attr', 'mbind', 'memfd_secret', 'migrate_pages', 'modify_ldt', 'mount', 'mount_setattr',
  'move_mount', 'move_pages', 'name_to_handle_at', 'nfsservctl', 'open_by_handle_at', 'open_tree', 'perf_event_open',
  'pidfd_getfd', 'pivot_root', 'process_madvise', 'process_vm_readv', 'process_vm_writev', 'ptrace', 'query_module', 'quotactl',
  'quotactl_fd', 'reboot', 'request_key', 'set_mempolicy', 'set_mempolicy_home_node', 'setdomainname', 'sethostname', 'setns',
  'settimeofday', 'statmount', 'swapoff', 'swapon', 'sysfs', 'syslog', 'umount2', 'unshare', 'uselib', 'userfaultfd', 'ustat', 'vhangup',
]

// Programs try these and go on without: glibc falls back from clone3, whose flags lie in memory a filter cannot read,
// to clone; libuv and others from io_uring to threads.
const missing: readonly SyscallName[] = ['clone3', 'io_uring_setup', 'io_uring_enter', 'io_uring_register']

// linux/sched.h: NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET.
const newNamespaces = 0x0000_0080 | 0x0002_0000 | 0x0200_0000 | 0x0400_0000 | 0x0800_0000 | 0x1000_0000 | 0x2000_0000 | 0x4000_0000

// AF_UNIX, AF_INET, AF_INET6. Not netlink, vsock, packet, alg, bluetooth: drivers a sandbox has been left through.
const socketFamilies = [1, 2, 10]

// TIOCSTI and TIOCLINUX type characters into a terminal somebody else reads (CVE-2017-5226, CVE-2023-1523).
const typedCharacters = [0x5412, 0x541c]

// PER_LINUX, PER_LINUX32, UNAME26 with each, and the question which one it is: the list of Docker. Not
// ADDR_NO_RANDOMIZE or READ_IMPLIES_EXEC.
const personalities = [0, 8, 0x2_0000, 0x2_0008, 0xffff_ffff]

const EPERM = 1
const ENOSYS = 38
const EAFNOSUPPORT = 97
