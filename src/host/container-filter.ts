/** Sockets of the families `unix`, IPv4 and IPv6; `netlink` is how programs ask for the names of network cards. */
export type SocketFamily = 'unix' | 'inet' | 'inet6' | 'netlink'

// linux/socket.h
const familyNumbers: Readonly<Record<SocketFamily, number>> = { unix: 1, inet: 2, inet6: 10, netlink: 16 }

/**
 * A filter of system calls in the words of container engines (`--security-opt seccomp=FILE`), for processes that were never
 * meant to have any right: no namespaces (Podman's own filter admits them), no mounts, no tracing, no keyring, no BPF, no
 * io_uring, no calls newer than Linux 6.10, and sockets of the named families only, so none of vsock, which leads to the
 * machine underneath past every packet filter. It admits what the tool sandbox's filter admits (src/sandbox/seccomp.ts), but for
 * the two requests of `ioctl` that type into a terminal: libseccomp cannot say "neither of two" of one argument.
 * Source of the form: moby, profiles/seccomp; runtime-spec, config-linux.
 *
 * @returns JSON; programs of another kind of machine (32 bit) get no call at all
 */
export function containerFilter(families: readonly SocketFamily[]): string {
  const equal = (name: string, values: readonly number[]): object[] => values.map((value) => ({ names: [name], action: allowed, args: [{ index: 0, value, valueTwo: 0, op: 'SCMP_CMP_EQ' }] }))
  const profile = {
    defaultAction: 'SCMP_ACT_ERRNO',
    defaultErrnoRet: EPERM,
    archMap: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_AARCH64'].map((architecture) => ({ architecture, subArchitectures: [] })),
    syscalls: [
      { names: ordinary, action: allowed, args: [] },
      // The C library goes on by `clone`, and libuv by threads, only where these do not exist.
      { names: ['clone3', 'io_uring_setup'], action: 'SCMP_ACT_ERRNO', errnoRet: ENOSYS, args: [] },
      { names: ['clone'], action: allowed, args: [{ index: 0, value: newNamespaces, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }] },
      ...equal('socket', families.map((family) => familyNumbers[family])),
      ...equal('socketpair', [familyNumbers.unix]),
      ...equal('personality', personalities),
    ],
  }
  return `${JSON.stringify(profile, null, 1)}\n`
}

const allowed = 'SCMP_ACT_ALLOW'
const EPERM = 1
const ENOSYS = 38

// linux/sched.h: NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET.
const newNamespaces = 0x7e02_0080

// PER_LINUX, PER_LINUX32, UNAME26 with each, and the question which one it is: the list of Docker.
const personalities = [0, 8, 0x2_0000, 0x2_0008, 0xffff_ffff]

// Names of Linux 6.1 (asm/unistd_64.h) and those added until 6.10, without what the tool sandbox refuses. Names a machine
// does not have are passed over by the engine.
const ordinary = `
  accept accept4 access alarm arch_prctl bind brk cachestat capget capset chdir chmod chown clock_getres clock_gettime clock_nanosleep close close_range
  connect copy_file_range creat dup dup2 dup3 epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd eventfd2 execve execveat
  exit exit_group faccessat faccessat2 fadvise64 fallocate fanotify_mark fchdir fchmod fchmodat fchmodat2 fchown fchownat fcntl fdatasync fgetxattr
  flistxattr flock fork fremovexattr fsetxattr fstat fstatfs fsync ftruncate futex futex_requeue futex_wait futex_waitv futex_wake futimesat
  get_robust_list get_thread_area getcpu getcwd getdents getdents64 getegid geteuid getgid getgroups getitimer getpeername getpgid getpgrp getpid
  getppid getpriority getrandom getresgid getresuid getrlimit getrusage getsid getsockname getsockopt gettid gettimeofday getuid getxattr
  inotify_add_watch inotify_init inotify_init1 inotify_rm_watch io_cancel io_destroy io_getevents io_pgetevents io_setup io_submit ioctl ioprio_get
  ioprio_set kill landlock_add_rule landlock_create_ruleset landlock_restrict_self lchown lgetxattr link linkat listen listxattr llistxattr lremovexattr
  lseek lsetxattr lstat madvise map_shadow_stack membarrier memfd_create mincore mkdir mkdirat mknod mknodat mlock mlock2 mlockall mmap mprotect
  mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink mremap mseal msgctl msgget msgrcv msgsnd msync munlock munlockall munmap
  nanosleep newfstatat open openat openat2 pause pidfd_open pidfd_send_signal pipe pipe2 pkey_alloc pkey_free pkey_mprotect poll ppoll prctl pread64
  preadv preadv2 prlimit64 process_mrelease pselect6 pwrite64 pwritev pwritev2 read readahead readlink readlinkat readv recvfrom recvmmsg recvmsg
  remap_file_pages removexattr rename renameat renameat2 restart_syscall rmdir rseq rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo
  rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr
  sched_getparam sched_getscheduler sched_rr_get_interval sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield seccomp select
  semctl semget semop semtimedop sendfile sendmmsg sendmsg sendto set_robust_list set_thread_area set_tid_address setfsgid setfsuid setgid setgroups
  setitimer setpgid setpriority setregid setresgid setresuid setreuid setrlimit setsid setsockopt setuid setxattr shmat shmctl shmdt shmget shutdown
  sigaltstack signalfd signalfd4 splice stat statfs statx symlink symlinkat sync sync_file_range syncfs sysinfo tee tgkill time timer_create
  timer_delete timer_getoverrun timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime times tkill truncate umask uname unlink
  unlinkat utime utimensat utimes vfork vmsplice wait4 waitid write writev
`.trim().split(/\s+/)
