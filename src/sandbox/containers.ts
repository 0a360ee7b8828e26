import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chown, mkdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { HardshellError, messageOf, writeFileAtomic } from '../base/index.ts'
import { containerFilter } from '../host/index.ts'
import type { SandboxSettings } from './settings.ts'

/** OpenClaw's own backends that run tools in containers. */
export type ContainerEngine = 'docker' | 'podman'

/** What OpenClaw is told of containers, and what was seen when one was tried. */
export interface VerifiedContainers {
  /** `agents.defaults.sandbox.docker`; the Podman backend reads the same block. */
  docker: Readonly<Record<string, unknown>>
  detail: string
}

export interface GatewayOfEngine {
  user: { uid: number; gid: number } | null
  home: string
  /** Folder it can read in; the filter of system calls is written there. */
  run: string
}

/** Runs a program to its end as somebody. @throws with what it said when its status is not 0 */
export type RunEngine = (program: string, args: readonly string[]) => Promise<string>

/**
 * The hardened values, tried with the engine itself: the image is there, and a container made with them has no network,
 * no capability, no way to new privileges, a system call filter and a root it cannot write.
 * @param gateway who will run the engine, since OpenClaw starts the containers: its user (`null`: ours) and its HOME, where
 * a rootless engine keeps its images and any engine the address it asks
 * @throws HardshellError `sandbox.unavailable` saying which of it is not so
 */
export async function verifyContainers(
  engine: ContainerEngine,
  settings: Pick<SandboxSettings, 'image' | 'limits'>,
  gateway: GatewayOfEngine,
  run: RunEngine = runAs(gateway),
): Promise<VerifiedContainers> {
  const program = ['/usr/bin', '/usr/local/bin'].map((folder) => `${folder}/${engine}`).find((path) => existsSync(path))
  if (program === undefined) throw new HardshellError('sandbox.unavailable', `${engine} is not installed`, { hint: `apt install ${engine === 'docker' ? 'docker.io' : 'podman'}, or sandbox.backend: shim` })
  await refuseForeignDaemon(engine, program, run)
  const filter = await writeFilter(gateway)
  const docker = hardenedContainer(engine, settings, filter)
  const said = await run(program, ['image', 'inspect', settings.image]).catch((error: unknown) => messageOf(error))
  if (!said.trimStart().startsWith('[')) {
    throw new HardshellError('sandbox.unavailable', `${engine} has no image ${settings.image} for the gateway's user: ${said.trim().slice(0, 200)}`, {
      hint: `build it as that user (OpenClaw docs, gateway/sandboxing/images-and-setup), or name another in sandbox.image`,
    })
  }
  const owner = gateway.user ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
  const seen = await run(program, trialArguments(engine, settings, { ...owner, filter, rootless: await isRootless(engine, program, run) })).catch((error: unknown) => messageOf(error))
  const wrong = escapes(seen, settings.limits)
  if (wrong.length > 0) throw new HardshellError('sandbox.unavailable', `a container of ${engine} is not contained: ${wrong.join(', ')}`, { hint: 'sandbox.backend: shim' })
  return { docker, detail: `tools of agents run in ${engine} containers of ${settings.image}: no network, no capabilities, no_new_privs, system call filter, read-only root, ${settings.limits.processes} processes and ${settings.limits.memory} bytes at the most, each seen in one that was tried` }
}

/** OpenClaw's names for it (docs, gateway/config-agents/sandbox). */
export function hardenedContainer(engine: ContainerEngine, { image, limits }: Pick<SandboxSettings, 'image' | 'limits'>, seccompProfile: string): Record<string, unknown> {
  return {
    image,
    network: 'none',
    readOnlyRoot: true,
    capDrop: ['ALL'],
    seccompProfile,
    tmpfs: inMemory[engine],
    pidsLimit: limits.processes,
    memory: String(limits.memory),
    memorySwap: String(limits.memory),
    cpus: limits.cpu,
    ulimits: { nofile: { soft: limits.open_files, hard: limits.open_files }, nproc: { soft: limits.processes, hard: limits.processes } },
  }
}

// Podman keeps its init in /run: OpenClaw refuses a configuration that covers it, and a read-only root has a /run in memory there.
const inMemory: Readonly<Record<ContainerEngine, readonly string[]>> = { docker: ['/tmp', '/var/tmp', '/run'], podman: ['/tmp', '/var/tmp'] }

interface TrialUser {
  uid: number
  gid: number
  filter: string
  rootless: boolean
}

/**
 * The arguments OpenClaw 2026.9.6 would hand to the engine (its docker and podman backends: init, no-new-privileges and
 * the owner of the workspace as user come from there), so that what it needs and the machine lacks is found here.
 */
export function trialArguments(engine: ContainerEngine, { image, limits }: Pick<SandboxSettings, 'image' | 'limits'>, { uid, gid, filter, rootless }: TrialUser): string[] {
  const limited = ['--memory', String(limits.memory), '--memory-swap', String(limits.memory), '--pids-limit', String(limits.processes), '--cpus', String(limits.cpu), '--ulimit', `nofile=${limits.open_files}:${limits.open_files}`, '--ulimit', `nproc=${limits.processes}:${limits.processes}`]
  const own = engine === 'podman' ? ['--http-proxy=false', '--read-only-tmpfs=true', ...(rootless ? ['--userns', `keep-id:uid=${uid},gid=${gid}`] : [])] : []
  const look = 'cat /proc/self/status; echo links: $(ls /sys/class/net); touch /hardshell-trial 2>/dev/null && echo root-written; echo pids: $(cat /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max 2>/dev/null); echo memory: $(cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null)'
  return ['run', '--rm', '--init', '--user', `${uid}:${gid}`, '--network', 'none', '--read-only', ...inMemory[engine].flatMap((path) => ['--tmpfs', path]), '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--security-opt', `seccomp=${filter}`, ...limited, ...own, image, '/bin/sh', '-c', `${look}; true`]
}

// OpenClaw that takes this machine for a container starts siblings of it, by the daemon it runs under, and refuses any other.
async function refuseForeignDaemon(engine: ContainerEngine, program: string, run: RunEngine): Promise<void> {
  const mark = ['/.dockerenv', '/run/.containerenv'].find((path) => existsSync(path))
  if (engine !== 'docker' || mark === undefined) return
  const known = await run(program, ['inspect', '--type', 'container', '--format', '{{.Id}}', hostname()]).catch(() => '')
  if (known.trim() === '') throw new HardshellError('sandbox.unavailable', `OpenClaw takes this machine for a container (${mark}), which its Docker daemon does not know`, { hint: 'sandbox.backend: shim' })
}

// The engines' own filters admit vsock sockets, which leave through the hypervisor, and Podman's namespaces as well.
async function writeFilter({ run, user }: GatewayOfEngine): Promise<string> {
  const path = join(run, 'tools-seccomp.json')
  await mkdir(run, { recursive: true, mode: 0o710 })
  if (user) await chown(run, process.getuid?.() ?? 0, user.gid)
  await writeFileAtomic(path, containerFilter(['unix', 'inet', 'inet6']), { mode: 0o644 })
  return path
}

async function isRootless(engine: ContainerEngine, program: string, run: RunEngine): Promise<boolean> {
  return engine === 'podman' && (await run(program, ['info', '--format', '{{.Host.Security.Rootless}}']).catch(() => '')).trim() === 'true'
}

/** What is not as it has to be, in words. */
export function escapes(seen: string, { processes, memory }: Pick<SandboxSettings['limits'], 'processes' | 'memory'>): string[] {
  const wanted: readonly (readonly [boolean, string])[] = [
    [/^Uid:\t[1-9]/m.test(seen), 'it runs as root'],
    [/^CapEff:\t0+$/m.test(seen) && /^CapBnd:\t0+$/m.test(seen), 'it has capabilities'],
    [/^NoNewPrivs:\t1$/m.test(seen), 'it can gain privileges'],
    [/^Seccomp:\t2$/m.test(seen), 'no system call is filtered'],
    [/^links: lo$/m.test(seen), 'it has a network'],
    [!seen.includes('root-written'), 'its root can be written'],
    [said(seen, 'pids') === processes, 'its processes are not limited'],
    // The kernel counts in pages: at most one less.
    [Math.abs((said(seen, 'memory') ?? 0) - memory) < 65_536, 'its memory is not limited'],
  ]
  if (!seen.includes('links:')) return [`it did not start: ${seen.trim().slice(-200)}`]
  return wanted.filter(([holds]) => !holds).map(([, words]) => words)
}

function said(seen: string, what: string): number | null {
  const found = new RegExp(`^${what}: (\\d+)$`, 'm').exec(seen)
  return found ? Number(found[1]) : null
}

// A first container of an engine that has just been started takes some seconds.
const patienceMs = 60_000

function runAs({ user, home }: GatewayOfEngine): RunEngine {
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: home, LANG: 'C.UTF-8' }
  return (program, args) =>
    new Promise((resolve, reject) => {
      execFile(program, [...args], { env, cwd: '/', timeout: patienceMs, maxBuffer: 4 * 1024 * 1024, ...user }, (error, stdout, stderr) => {
        if (error) reject(new Error(stderr.trim() || error.message))
        else resolve(stdout)
      })
    })
}
