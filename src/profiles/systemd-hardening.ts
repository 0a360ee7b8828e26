import type { Limits } from './facts.ts'
import type { UnitLines } from './unit.ts'

/**
 * What every unit of ours is denied. `MemoryDenyWriteExecute` is missing on purpose: V8 writes machine code and then
 * runs it. Without its compiler (`node --jitless`) there is no WebAssembly, and Node's own `fetch` is made of it.
 * `RestrictSUIDSGID` is only in `small` and in the proxies: it takes away openat2(2), without which OpenClaw refuses to
 * start (its fs-safe knows no other way to open a lock). With `NoNewPrivileges` a set-uid file gains nobody anything.
 */
export const denied: UnitLines = [
  ['NoNewPrivileges', true],
  ['ProtectSystem', 'strict'],
  ['PrivateTmp', true],
  ['PrivateDevices', true],
  ['DevicePolicy', 'closed'],
  ['PrivateIPC', true],
  ['PrivateMounts', true],
  ['ProtectClock', true],
  ['ProtectHostname', true],
  ['ProtectKernelLogs', true],
  ['ProtectKernelModules', true],
  ['LockPersonality', true],
  ['RestrictRealtime', true],
  ['RemoveIPC', true],
  ['KeyringMode', 'private'],
  ['SystemCallArchitectures', 'native'],
  // A call that is not allowed fails instead of killing: libraries ask for more than they need, and cope.
  ['SystemCallErrorNumber', 'EPERM'],
  ['UMask', '0077'],
]

/** For a process that never changes its user: no capability at all, and a user namespace in which nobody else exists. */
export const unprivileged: UnitLines = [
  ['CapabilityBoundingSet', ''],
  ['AmbientCapabilities', ''],
  ['PrivateUsers', true],
  ['ProtectProc', 'invisible'],
  ['ProtectControlGroups', true],
  ['ProtectKernelTunables', true],
  ['RestrictNamespaces', true],
  ['SystemCallFilter', ['@system-service', '~@privileged @resources']],
]

/** For a program of the system that does one thing and speaks to nobody but, at most, systemd. */
export const small: UnitLines = [
  ['ProtectHome', true],
  ['RestrictSUIDSGID', true],
  ['PrivateNetwork', true],
  ['ProtectProc', 'invisible'],
  ['ProcSubset', 'pid'],
  ['ProtectControlGroups', true],
  ['ProtectKernelTunables', true],
  ['RestrictNamespaces', true],
  ['SystemCallFilter', ['@system-service', '~@privileged @resources']],
  ['IPAddressDeny', 'any'],
]

/** Only this machine can be spoken to; the kernel sees to it (a BPF program at the cgroup, systemd.resource-control(5)). */
export const loopbackOnly: UnitLines = [
  ['RestrictAddressFamilies', 'AF_UNIX AF_INET AF_INET6'],
  ['IPAddressDeny', 'any'],
  ['IPAddressAllow', 'localhost'],
]

/** The internet, but not the machine's own link, where metadata services and printers are. Netlink: Node asks for interfaces. */
export const outwards: UnitLines = [
  ['RestrictAddressFamilies', 'AF_UNIX AF_INET AF_INET6 AF_NETLINK'],
  ['IPAddressDeny', 'link-local multicast'],
]

/** Bounds of a unit's whole cgroup. */
export function bounds({ cpus, memoryBytes, pids }: Omit<Limits, 'diskBytes'>): UnitLines {
  return [
    ['CPUQuota', `${Math.round(cpus * 100)}%`],
    ['MemoryMax', memoryBytes],
    // Reclaimed early, so that the kernel seldom has to kill.
    ['MemoryHigh', Math.floor(memoryBytes * 0.9)],
    ['MemorySwapMax', 0],
    ['TasksMax', pids],
    ['LimitNOFILE', 8192],
    ['LimitCORE', 0],
    ['OOMPolicy', 'stop'],
  ]
}

/** Comes back after a failure, and stays down when it fails five times in five minutes. */
export const restarts: UnitLines = [
  ['Restart', 'on-failure'],
  ['RestartSec', 5],
]

export const startLimits: UnitLines = [
  ['StartLimitIntervalSec', 300],
  ['StartLimitBurst', 5],
]

/** A journal of its own, so that a flood in here costs nobody else's lines (systemd 245). */
export const journal: UnitLines = [
  ['LogNamespace', 'hardshell'],
  ['LogRateLimitIntervalSec', 30],
  ['LogRateLimitBurst', 2000],
]

/** `/etc/systemd/journald@hardshell.conf`: how much of that journal is kept. The audit log is not in it. */
export const journalLimits: UnitLines = [
  ['SystemMaxUse', '512M'],
  ['SystemMaxFileSize', '32M'],
  ['RuntimeMaxUse', '64M'],
  ['MaxRetentionSec', '30day'],
  ['Compress', true],
]

/** Bounds of one proxy: 130 MiB is what the egress proxy may take at work, the rest is for bursts of large answers. */
export const proxyBounds = { cpus: 1, memoryBytes: 512_000_000, pids: 64 } as const
