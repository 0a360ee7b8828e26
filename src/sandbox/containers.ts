import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { HardshellError, messageOf } from '../base/index.ts'
import type { SandboxSettings } from './settings.ts'

/** OpenClaw's own backends that run tools in containers. */
export type ContainerEngine = 'docker' | 'podman'

/** What OpenClaw is told of containers, and what was seen when one was tried. */
export interface VerifiedContainers {
  /** `agents.defaults.sandbox.docker`; the Podman backend reads the same block. */
  docker: Readonly<Record<string, unknown>>
  detail: string
}

/** Runs a program to its end as somebody. @throws with what it said when its status is not 0 */
export type RunEngine = (program: string, args: readonly string[]) => Promise<string>

/**
 * The hardened values, tried with the engine itself: the image is there, and a container made with them has no network,
 * no capability, no way to new privileges, a system call filter and a root it cannot write.
 * @param user who will run the engine: the gateway's user, since OpenClaw starts the containers
 * @throws HardshellError `sandbox.unavailable` saying which of it is not so
 */
export async function verifyContainers(
  engine: ContainerEngine,
  settings: Pick<SandboxSettings, 'image' | 'limits'>,
  user: { uid: number; gid: number } | null,
  run: RunEngine = runAs(user),
): Promise<VerifiedContainers> {
  const program = ['/usr/bin', '/usr/local/bin'].map((folder) => `${folder}/${engine}`).find((path) => existsSync(path))
  if (program === undefined) throw new HardshellError('sandbox.unavailable', `${engine} is not installed`, { hint: `apt install ${engine === 'docker' ? 'docker.io' : 'podman'}, or sandbox.backend: shim` })
  const docker = hardenedContainer(settings)
  const said = await run(program, ['image', 'inspect', settings.image]).catch((error: unknown) => messageOf(error))
  if (!said.trimStart().startsWith('[')) {
    throw new HardshellError('sandbox.unavailable', `${engine} has no image ${settings.image} for the gateway's user: ${said.trim().slice(0, 200)}`, {
      hint: `build it as that user (OpenClaw docs, gateway/sandboxing/images-and-setup), or name another in sandbox.image`,
    })
  }
  const seen = await run(program, trialArguments(settings)).catch((error: unknown) => messageOf(error))
  const wrong = escapes(seen, settings.limits)
  if (wrong.length > 0) throw new HardshellError('sandbox.unavailable', `a container of ${engine} is not contained: ${wrong.join(', ')}`, { hint: 'sandbox.backend: shim' })
  return { docker, detail: `tools of agents run in ${engine} containers of ${settings.image}: no network, no capabilities, no_new_privs, system call filter, read-only root, ${settings.limits.processes} processes and ${settings.limits.memory} bytes at the most, each seen in one that was tried` }
}

/** OpenClaw's names for it (docs, gateway/config-agents/sandbox). */
export function hardenedContainer({ image, limits }: Pick<SandboxSettings, 'image' | 'limits'>): Record<string, unknown> {
  return {
    image,
    network: 'none',
    readOnlyRoot: true,
    capDrop: ['ALL'],
    tmpfs: ['/tmp', '/var/tmp', '/run'],
    pidsLimit: limits.processes,
    memory: String(limits.memory),
    memorySwap: String(limits.memory),
    cpus: limits.cpu,
    ulimits: { nofile: { soft: limits.open_files, hard: limits.open_files }, nproc: { soft: limits.processes, hard: limits.processes } },
  }
}

// The same values as OpenClaw would hand to the engine (its docker backend adds no-new-privileges by itself).
function trialArguments({ image, limits }: Pick<SandboxSettings, 'image' | 'limits'>): string[] {
  const limited = ['--memory', String(limits.memory), '--memory-swap', String(limits.memory), '--pids-limit', String(limits.processes), '--cpus', String(limits.cpu), '--ulimit', `nofile=${limits.open_files}:${limits.open_files}`, '--ulimit', `nproc=${limits.processes}:${limits.processes}`]
  const look = 'cat /proc/self/status; echo links: $(ls /sys/class/net); touch /hardshell-trial 2>/dev/null && echo root-written; echo pids: $(cat /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max 2>/dev/null); echo memory: $(cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null)'
  return ['run', '--rm', '--network', 'none', '--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', ...limited, image, '/bin/sh', '-c', `${look}; true`]
}

/** What is not as it has to be, in words. */
export function escapes(seen: string, { processes, memory }: Pick<SandboxSettings['limits'], 'processes' | 'memory'>): string[] {
  const wanted: readonly (readonly [boolean, string])[] = [
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

// A rootless engine keeps its images there. A user without an account has none.
function homeOf(uid: number): string {
  const account = readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':')).find((fields) => fields[2] === String(uid))
  return account?.[5] ?? '/'
}

function runAs(user: { uid: number; gid: number } | null): RunEngine {
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: homeOf(user?.uid ?? process.getuid?.() ?? 0), LANG: 'C.UTF-8' }
  return (program, args) =>
    new Promise((resolve, reject) => {
      execFile(program, [...args], { env, cwd: '/', timeout: patienceMs, maxBuffer: 4 * 1024 * 1024, ...user }, (error, stdout, stderr) => {
        if (error) reject(new Error(stderr.trim() || error.message))
        else resolve(stdout)
      })
    })
}
