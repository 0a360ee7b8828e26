import type { InstallationFacts } from './facts.ts'
import type { Profile } from './profile.ts'
import { programFolders } from './program-folders.ts'
import { apparmorPath } from './quoting.ts'

/** Mandatory access control for OpenClaw and for the tools of its sandbox. */
export const apparmor: Profile = {
  name: 'apparmor',
  title: 'AppArmor: what OpenClaw, and a tool in its sandbox, may open, run and speak',
  files: (facts) => [
    { path: 'openclaw', text: gatewayProfile(facts), mode: 0o644 },
    { path: 'openclaw-tool', text: toolProfile(facts), mode: 0o644 },
  ],
  notes: () => [
    'install: both into /etc/apparmor.d, then apparmor_parser -r /etc/apparmor.d/openclaw /etc/apparmor.d/openclaw-tool',
    'openclaw.service of `generate systemd-parts` takes the profile `openclaw` where it is loaded; a sandbox takes `openclaw-tool` by setpriv --apparmor-profile or aa-exec -p',
    'SELinux: no policy of ours exists; containers get container_t from the engine, units run as unconfined_service_t',
  ],
}

/** Where OpenClaw may write: the state of either shape of an installation. */
function stateFolders({ state }: InstallationFacts): string[] {
  return ['/var/lib/openclaw', `${state}/openclaw/state`, `${state}/openclaw/home`]
}

function gatewayProfile(facts: InstallationFacts): string {
  const { state } = facts
  const readable = [...new Set([...programFolders(facts), `${state}/runtime`])].sort()
  return profile('openclaw', [
    '# Node, OpenClaw and what they are made of.',
    `${apparmorPath(facts.programs.node)} mrix,`,
    ...readable.flatMap((folder) => [`${apparmorTree(folder)} mrix,`, `${apparmorPath(`${folder}/`)} r,`]),
    '',
    '# Its own state, and nothing else, can be written.',
    ...stateFolders(facts).flatMap((folder) => [`owner ${apparmorTree(folder)} mrwkl,`, `${apparmorPath(`${folder}/`)} r,`]),
    'owner /tmp/** mrwkl,',
    // It looks there for what an upload left behind.
    '/tmp/ r,',
    'owner /var/tmp/** rwkl,',
    'owner /dev/shm/** rw,',
    '',
    '# Its settings and its plugin, which are the guard\'s to write; the socket the plugin asks on.',
    `/etc/hardshell/openclaw.json r,`,
    `${apparmorTree(`${state}/openclaw/config`)} r,`,
    `${apparmorTree(`${state}/plugin`)} r,`,
    `${apparmorPath(`${state}/run/plugin.sock`)} rw,`,
    '/run/credentials/openclaw.service/* r,',
    '',
    '# Programs its tools start run under the same rules.',
    '/{usr/,}{s,}bin/** mrix,',
    '/usr/{local/,}{bin,lib,libexec,share}/** mrix,',
    '/etc/** r,',
    '',
    '# Itself, in /proc. Others are not its business.',
    'owner @{PROC}/@{pid}/** r,',
    'owner @{PROC}/@{pid}/{oom_score_adj,comm} w,',
    '@{PROC}/ r,',
    '@{PROC}/{cpuinfo,meminfo,loadavg,stat,uptime,version,version_signature} r,',
    '@{PROC}/sys/{kernel,net,vm,fs}/** r,',
    '@{PROC}/@{pid}/{cgroup,mountinfo,limits,net/**} r,',
    '/sys/{devices/system,fs/cgroup,kernel/mm/transparent_hugepage}/** r,',
    '# Asked for at each start and not needed: which machine this is. By name, so that the log keeps to what is unusual.',
    'deny /sys/devices/virtual/dmi/** r,',
    '/dev/{null,zero,full,random,urandom,tty} rw,',
    '/dev/pts/* rw,',
    '/dev/ptmx rw,',
    '',
    '# TCP and UDP; where to is the way out\'s to decide.',
    'network inet stream,',
    'network inet6 stream,',
    'network inet dgram,',
    'network inet6 dgram,',
    'network netlink raw,',
    'unix,',
    'signal peer=openclaw,',
    'signal receive peer=unconfined,',
    'ptrace readby peer=unconfined,',
    '',
    ...neverAllowed(facts),
  ])
}

function toolProfile(facts: InstallationFacts): string {
  return profile('openclaw-tool', [
    '# Programs of the system, under the same rules; nothing of OpenClaw\'s own.',
    `${apparmorPath(facts.programs.node)} mrix,`,
    '/{usr/,}{s,}bin/** mrix,',
    '/usr/{local/,}{bin,lib,libexec,share}/** mrix,',
    '/etc/** r,',
    '',
    '# The workspace is all it may change.',
    '/ r,',
    'owner /workspace/** mrwklix,',
    '/workspace/ r,',
    ...['/var/lib/openclaw/workspace', `${facts.state}/openclaw/state/workspace`].flatMap((folder) => [`owner ${apparmorTree(folder)} mrwklix,`, `${apparmorPath(`${folder}/`)} r,`]),
    'owner /tmp/** mrwkl,',
    'owner @{PROC}/@{pid}/** r,',
    '@{PROC}/{cpuinfo,meminfo,stat,uptime} r,',
    '/dev/{null,zero,full,random,urandom,tty} rw,',
    'unix peer=(label=openclaw-tool),',
    'signal peer=openclaw-tool,',
    'signal receive peer=openclaw,',
    'signal receive peer=unconfined,',
    '',
    '# TCP alone; where to is for its network namespace to decide.',
    'network inet stream,',
    'network inet6 stream,',
    'deny network inet dgram,',
    'deny network inet6 dgram,',
    'deny network netlink,',
    '',
    ...stateSecrets(facts),
    ...neverAllowed(facts),
  ])
}

/** Denied by name, so that no later rule and no abstraction can allow it. */
function neverAllowed(facts: InstallationFacts): string[] {
  const { state } = facts
  // A denial beats every permission: programs that lie in there could not be started.
  const root = programFolders(facts).some((folder) => folder.startsWith('/root/')) ? [] : ['/root']
  return [
    '# Never, whatever else is written here or in a local addition.',
    ...[`${state}/guard`, `${state}/alone`, ...['model', 'egress', 'ingress'].map((part) => `/var/lib/hardshell-${part}`), '/etc/hardshell/credentials', ...root].map(
      (folder) => `deny ${apparmorTree(folder)} mrwklx,`,
    ),
    'deny /home/*/.{ssh,gnupg,aws,kube,docker,config}/** mrwklx,',
    'deny /etc/{shadow,gshadow,sudoers}* mrwklx,',
    'deny /etc/{sudoers.d,ssh,ssl/private}/** mrwklx,',
    'deny /{run,var/run}/{docker,containerd/containerd,podman/podman,crio/crio}.sock rw,',
    'deny /{run,var/run}/dbus/system_bus_socket rw,',
    'deny @{PROC}/*/mem rw,',
    'deny @{PROC}/sys/** w,',
    'deny @{PROC}/sysrq-trigger rw,',
    'deny @{PROC}/{kcore,kmem,kallsyms} r,',
    'deny /sys/** w,',
    'deny /dev/{mem,kmem,port} rw,',
    'deny network raw,',
    'deny network packet,',
    'deny capability,',
    'deny mount,',
    'deny umount,',
    'deny pivot_root,',
    'deny ptrace trace,',
    'deny ptrace read,',
  ]
}

/** What the gateway may read and a tool may not: settings with addresses, tokens, transcripts. */
function stateSecrets({ state }: InstallationFacts): string[] {
  return [`deny ${apparmorTree(`${state}/openclaw/config`)} mrwklx,`, `deny ${apparmorPath(`${state}/run/plugin.sock`)} rw,`, 'deny /etc/hardshell/** mrwklx,', 'deny /run/credentials/** mrwklx,']
}

function profile(name: string, rules: readonly string[]): string {
  const body = ['include <abstractions/base>', 'include <abstractions/nameservice>', 'include <abstractions/ssl_certs>', '', ...rules, '', `include if exists <local/${name}>`]
  return `abi <abi/3.0>,

include <tunables/global>

profile ${name} flags=(attach_disconnected) {
${body.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}
}
`
}

/** Everything below a folder: the folder's own name is escaped, the pattern is ours. */
function apparmorTree(folder: string): string {
  return apparmorPath(folder).replace(/"$/, '/**"')
}
