import type { InstallationFacts } from './facts.ts'
import type { Profile, ProfileFile } from './profile.ts'
import { programFolders } from './program-folders.ts'
import { unitPath } from './quoting.ts'
import { bounds, denied, journal, journalLimits, outwards, restarts, startLimits } from './systemd-hardening.ts'
import { watchUnits } from './systemd-watch.ts'
import { execStart, homes, unit, type UnitLines } from './unit.ts'

/** The whole guard as a unit: root, with the capabilities it needs to keep the gateway apart from itself. */
export const systemd: Profile = {
  name: 'systemd',
  title: 'one unit: the guard as root, which starts OpenClaw as its child under a uid of its own',
  files: (facts): ProfileFile[] => [
    { path: 'hardshell.service', text: guardUnit(facts), mode: 0o644 },
    ...watchUnits(facts),
    { path: 'journald@hardshell.conf', text: unit({ Journal: journalLimits }), mode: 0o644 },
  ],
  notes: (facts) => [
    'install: *.service and *.timer into /etc/systemd/system, journald@hardshell.conf into /etc/systemd; then systemctl daemon-reload && systemctl enable --now hardshell.service hardshell-watch.timer',
    'keys: LoadCredential= in a drop-in (systemctl edit hardshell), or `hardshell secrets put`; never Environment=',
    `disk: systemd has no limit for it; ${facts.state} belongs on a file system of its own (systemd-parts makes one)`,
    'MemoryDenyWriteExecute is not set: V8 needs memory it can write and then execute',
    ...(facts.sandboxing ? ['namespaces, mounts and firewall rules are left to the guard for its sandboxes; `profiles.sandboxing: false` takes them away'] : []),
  ],
}

/**
 * Each is used: SETUID, SETGID, SETPCAP to start the gateway as another user with nothing left (setpriv), CHOWN, FOWNER
 * and DAC_OVERRIDE to give it its folders and to write its configuration, KILL to end it, SYS_PTRACE to see in /proc
 * which process of its owns a socket.
 */
const needed = 'CAP_SETUID CAP_SETGID CAP_SETPCAP CAP_CHOWN CAP_FOWNER CAP_DAC_OVERRIDE CAP_KILL CAP_SYS_PTRACE'
const forSandboxes = 'CAP_SYS_ADMIN CAP_NET_ADMIN CAP_SYS_CHROOT'

function guardUnit(facts: InstallationFacts): string {
  const { programs, state, config, limits, logFolder } = facts
  const args = [programs.hardshell, 'start', '--state', state, ...(config === null ? [] : ['--config', config])]
  return unit({
    Unit: [
      ['Description', 'Hardshell: the guard of OpenClaw, and OpenClaw behind it'],
      ['Documentation', 'man:systemd.exec(5)'],
      ['Wants', 'network-online.target'],
      ['After', 'network-online.target'],
      ...startLimits,
    ],
    Service: [
      ['Type', 'exec'],
      ['ExecStart', execStart(programs.node, args)],
      // SIGTERM to the guard alone: it stops the gateway in order, and proves nothing about a dying one.
      ['KillMode', 'mixed'],
      // The gateway is given 15 s, the log is closed after it.
      ['TimeoutStopSec', 45],
      ...restarts,
      ...journal,
      ['ReadWritePaths', writable(state, logFolder)],
      ...stateFolder(state),
      ...homes([...programFolders(facts), ...(config === null ? [] : [config])]),
      // Each sandbox is given a host name of its own.
      ...denied.filter(([name]) => !facts.sandboxing || name !== 'ProtectHostname'),
      ['ProtectKernelTunables', true],
      // Hides others' processes from OpenClaw's uid; the guard sees through it by CAP_SYS_PTRACE.
      ['ProtectProc', 'invisible'],
      ['CapabilityBoundingSet', facts.sandboxing ? `${needed} ${forSandboxes}` : needed],
      ['SystemCallFilter', facts.sandboxing ? ['@system-service @mount @chown @setuid sethostname landlock_create_ruleset landlock_add_rule landlock_restrict_self', '~@clock @module @raw-io @reboot @swap @obsolete @cpu-emulation @resources'] : ['@system-service', '~@clock @mount @module @raw-io @reboot @swap @obsolete @cpu-emulation @debug @resources']],
      ...(facts.sandboxing ? sandboxing : closed),
      ...outwards,
      ...bounds({ ...limits, memoryBytes: limits.memoryBytes + guardShare, pids: limits.pids + 64 }),
    ],
    Install: [['WantedBy', 'multi-user.target']],
  })
}

// The guard's own memory beside OpenClaw's 4 GB, in the one cgroup both live in.
const guardShare = 512_000_000

const sandboxing: UnitLines = [
  ['#', 'left to the guard, for the sandboxes of tools: namespaces, mounts, cgroups below its own, firewall rules'],
  ['Delegate', 'cpu memory pids'],
  // Every kind but user namespaces, through which most of the kernel is reached: who is root needs none (seen by strace).
  ['RestrictNamespaces', 'cgroup ipc mnt net pid uts'],
]

const closed: UnitLines = [
  ['RestrictNamespaces', true],
  ['ProtectControlGroups', true],
]

// systemd makes the folder with its mode before anything runs; elsewhere it has to be there (`-`: or is made by hand).
function stateFolder(state: string): UnitLines {
  return state === '/var/lib/hardshell' ? [['StateDirectory', 'hardshell'], ['StateDirectoryMode', '0711']] : []
}

function writable(state: string, logFolder: string | null): readonly string[] {
  const folders = [...(state === '/var/lib/hardshell' ? [] : [state]), ...(logFolder === null ? [] : [logFolder])]
  return folders.map(unitPath)
}
