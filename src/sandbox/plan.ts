import { existsSync, lstatSync, readlinkSync } from 'node:fs'
import { inside, type Cell } from './cell.ts'
import type { Layers } from './layers.ts'
import type { SandboxSettings } from './settings.ts'
import type { Machine } from './syscalls.ts'

/** One program and its arguments: nothing is left to a shell outside. */
export interface CommandLine {
  program: string
  args: string[]
  /** What it reads from its fourth file, parted by NUL: who lists the processes of the machine, or of the sandbox, shall not read it. */
  whispered: string[]
}

/** What a call is made of. */
export interface CallPlan {
  layers: Layers
  cell: Cell
  settings: Pick<SandboxSettings, 'readable' | 'limits'>
  /** Folder with our programs, bound read-only. */
  programs: string
  /** Word for word what runs inside. */
  argv: readonly string[]
  tty: boolean
  /** The agent's own address of the egress proxy, `null`: no network at all. */
  proxyUrl: string | null
  /** Files of cgroups to enter first. */
  groups: readonly string[]
  /** Prints what is on before the command. */
  report: boolean
}

/** Port of the egress proxy inside; any would do, this one is what proxies are known by. */
export const proxyPort = 3128

/** The whole command line of one call. */
export function commandLine(plan: CallPlan): CommandLine {
  const perl = '/usr/bin/perl'
  const within = [perl, `${inside.programs}/enter.pl`, ...enterWords(plan), '--', ...(plan.tty ? inTerminal(plan.argv) : plan.argv)]
  const whispered = [...namespaces(plan), ...files(plan), ...environment(plan), '--chdir', '/']
  const bwrap = ['--args', '3', '--', ...within]
  const program = '/usr/bin/bwrap'
  return plan.layers.ownUsers ? { program: perl, args: [`${plan.programs}/place.pl`, ...plan.groups, '--', program, ...bwrap], whispered } : { program, args: bwrap, whispered }
}

function namespaces({ layers }: CallPlan): string[] {
  const user = layers.ownUsers ? ['--cap-add', 'CAP_SETUID', '--cap-add', 'CAP_SETGID', '--cap-add', 'CAP_SETPCAP'] : ['--unshare-user', '--disable-userns']
  return ['--unshare-pid', '--unshare-net', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try', '--hostname', 'sandbox', '--die-with-parent', '--new-session', '--cap-drop', 'ALL', ...user]
}

// What programs expect of /etc and holds nothing of this installation.
const sharedEtc = [
  'alternatives', 'bash.bashrc', 'ca-certificates', 'debian_version', 'fonts', 'inputrc', 'java', 'ld.so.cache', 'ld.so.conf', 'ld.so.conf.d',
  'localtime', 'magic', 'magic.mime', 'mime.types', 'os-release', 'pki/tls/certs', 'profile', 'protocols', 'services', 'ssl/certs', 'ssl/openssl.cnf',
  'terminfo', 'timezone',
].map((name) => `/etc/${name}`)

function files({ cell, programs, settings, proxyUrl }: CallPlan): string[] {
  const ownEtc = ['passwd', 'group', 'hosts', 'nsswitch.conf', 'resolv.conf'].flatMap((name) => ['--ro-bind', `${cell.etc}/${name}`, `/etc/${name}`])
  const readable = [...sharedEtc, ...settings.readable].filter((path) => existsSync(path))
  return [
    ...systemFolders(),
    // What bubblewrap makes by itself on the way to a mount point, only root may enter.
    ...foldersAbove([...readable, inside.home, inside.programs]).flatMap((path) => ['--perms', '0755', '--dir', path]),
    ...readable.flatMap((path) => ['--ro-bind', path, path]),
    ...ownEtc,
    ...['--proc', '/proc', '--dev', '/dev'],
    // No program needs more shared memory than a browser, and it counts as memory.
    ...['--size', String(256 * 1024 ** 2), '--tmpfs', '/dev/shm'],
    ...['--ro-bind', programs, inside.programs],
    ...(proxyUrl === null ? [] : ['--ro-bind', `${cell.door}/egress.sock`, inside.door]),
    ...['--bind', cell.workspaces, inside.workspaces, '--bind', cell.home, inside.home, '--bind', cell.tmp, inside.tmp],
    ...['--symlink', '/tmp', '/var/tmp', '--remount-ro', '/'],
  ]
}

/** `/usr` and what lies beside it on this machine: links where it has links, else the folder itself. */
function systemFolders(): string[] {
  const beside = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'].filter((path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined)
  return ['--ro-bind', '/usr', '/usr', ...beside.flatMap((path) => (lstatSync(path).isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path]))]
}

/** Every folder above these paths, the upper ones first, without those of the system itself. */
function foldersAbove(paths: readonly string[]): string[] {
  const above = paths.flatMap((path) => path.split('/').slice(1, -1).map((_, index, parts) => `/${parts.slice(0, index + 1).join('/')}`))
  return [...new Set(above)].filter((path) => !/^\/(usr|bin|sbin|lib\w*)(\/|$)/.test(path)).toSorted((a, b) => a.length - b.length)
}

function environment({ proxyUrl }: CallPlan): string[] {
  const own: Record<string, string> = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: inside.home, TMPDIR: inside.tmp, USER: 'agent', LOGNAME: 'agent', SHELL: '/bin/sh', LANG: 'C.UTF-8' }
  const ways = proxyUrl === null ? [] : ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy']
  const all = { ...own, ...Object.fromEntries(ways.map((name) => [name, proxyUrl!])), ...(proxyUrl === null ? {} : { NO_PROXY: 'localhost,127.0.0.1', no_proxy: 'localhost,127.0.0.1', NODE_USE_ENV_PROXY: '1' }) }
  return ['--clearenv', ...Object.entries(all).flatMap(([name, value]) => ['--setenv', name, value])]
}

function enterWords({ layers, cell, settings, proxyUrl, report }: CallPlan): string[] {
  const user = cell.user ? [`uid=${cell.user.uid}`, `gid=${cell.user.gid}`] : []
  const landlock = layers.landlock > 0 ? ['landlock=1', 'read=/', ...[inside.workspaces, inside.home, inside.tmp, '/dev'].map((path) => `write=${path}`)] : []
  return [
    ...numbers(layers.machine),
    ...rlimits(settings.limits, layers).map(([resource, value]) => `limit=${resource}:${value}`),
    ...user,
    `folder=${inside.workspaces}`,
    ...landlock,
    `filter=${inside.programs}/filter.bpf`,
    ...(proxyUrl === null ? [] : [`relay=${proxyPort}:${inside.door}`]),
    ...(report ? ['report=1'] : []),
  ]
}

// Calls the launcher makes itself (asm/unistd.h of each machine).
const launcherCalls: Readonly<Record<string, readonly [x64: number, arm64: number]>> = {
  capset: [126, 91],
  close: [3, 57],
  exit_group: [231, 94],
  prctl: [157, 167],
  prlimit64: [302, 261],
  landlock_create_ruleset: [444, 444],
  landlock_add_rule: [445, 445],
  landlock_restrict_self: [446, 446],
  setresgid: [119, 149],
  setresuid: [117, 147],
}

function numbers(machine: Machine): string[] {
  return Object.entries(launcherCalls).map(([name, [x64, arm64]]) => `nr_${name}=${machine === 'x64' ? x64 : arm64}`)
}

// asm-generic/resource.h: CPU 0 (seconds), FSIZE 1, DATA 2, CORE 4, NPROC 6, NOFILE 7, MSGQUEUE 12. DATA, not AS: Node and
// Java reserve address space they never use.
function rlimits(limits: SandboxSettings['limits'], { cgroups }: Layers): [number, number][] {
  return [
    [0, Math.ceil(limits.cpu_time / 1000)],
    [1, limits.file_size],
    ...(cgroups === null ? [[2, limits.memory] as [number, number]] : []),
    [4, 0],
    [6, limits.processes],
    [7, limits.open_files],
    [12, 0],
  ]
}

// util-linux' script makes the terminal, inside: what types into it reaches nobody outside.
function inTerminal(argv: readonly string[]): string[] {
  return ['/usr/bin/script', '--quiet', '--return', '--flush', '--command', argv.map(shellWord).join(' '), '/dev/null']
}

/** One word for a shell. */
export function shellWord(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
