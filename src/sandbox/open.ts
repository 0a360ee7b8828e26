import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { HardshellError, messageOf, type Clock } from '../base/index.ts'
import { collectCall, startCall, type Call } from './call.ts'
import { openCell, type Cell } from './cell.ts'
import { openGroups, type Groups } from './cgroup.ts'
import { watchDisks } from './disk-watch.ts'
import { openDoor, type Door } from './door.ts'
import { enterProgram, placeProgram } from './enter-program.ts'
import type { Layers } from './layers.ts'
import { commandLine, proxyPort } from './plan.ts'
import { seatsOf } from './seats.ts'
import { seccompFilter } from './seccomp.ts'
import type { SandboxSettings } from './settings.ts'

/** The sandbox of one installation, ready to run things in. */
export interface Sandbox {
  layers: Layers
  /** Calls that run now. */
  running(): number
  /** Starts a call. @throws HardshellError `sandbox.refused` when there are too many, or the name is no cell's */
  run(what: { cell: string; argv: readonly string[]; tty: boolean }): Promise<Call>
  /** Ends every call and closes what belongs to them. */
  close(): Promise<void>
}

export interface SandboxOptions {
  /** Folder of the guard's own; everything of the sandbox lies in it. */
  root: string
  settings: SandboxSettings
}

export interface SandboxPorts {
  clock: Clock
  /** Where the egress proxy listens, asked for at each call. */
  egress(): { host: string; port: number }
  /** The agent's own `user:password` for the egress proxy; `null`: it is known by no name there. */
  proxyCredential(agentId: string): string | null
  /** Told when a call was ended by a limit. */
  onLimit(cell: string, why: string): void
}

/**
 * Tries out what this machine can do and opens the sandbox with it.
 * @throws HardshellError `sandbox.unavailable` naming what is missing
 */
export async function openSandbox({ root, settings }: SandboxOptions, ports: SandboxPorts): Promise<Sandbox> {
  refuseWithout()
  const programs = `${root}/programs`
  await placePrograms(root, programs)
  const groups = await openGroups(`hardshell-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`)
  try {
    const layers = await tryLayers({ root, programs, settings, groups })
    return sandboxOf({ root, programs, settings, groups, layers }, ports)
  } catch (error) {
    await groups?.close()
    throw error
  }
}

// OpenClaw's own list for the other side of ssh: sh, python3, GNU stat and readlink (docs, gateway/sandboxing/ssh-backend);
// tar for uploads. Perl and bubblewrap are ours.
const needed: readonly (readonly [program: string, debianPackage: string])[] = [
  ['/usr/bin/bwrap', 'bubblewrap'],
  ['/usr/bin/perl', 'perl-base'],
  ['/usr/bin/python3', 'python3'],
  ['/usr/bin/script', 'bsdutils'],
  ['/usr/bin/find', 'findutils'],
]

function refuseWithout(): void {
  if (process.platform !== 'linux' || (process.arch !== 'x64' && process.arch !== 'arm64')) {
    throw new HardshellError('sandbox.unavailable', `the sandbox needs Linux on x86_64 or aarch64, this is ${process.platform} on ${process.arch}`, { hint: 'sandbox.backend: docker in config.yaml' })
  }
  const missing = needed.filter(([program]) => !existsSync(program))
  if (missing.length === 0) return
  throw new HardshellError('sandbox.unavailable', `not installed: ${missing.map(([program]) => program).join(', ')}`, {
    hint: `apt install ${missing.map(([, name]) => name).join(' ')}`,
  })
}

async function placePrograms(root: string, folder: string): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o700 })
  await mkdir(folder, { recursive: true, mode: 0o755 })
  const files: [string, string | Buffer, number][] = [
    ['enter.pl', enterProgram, 0o644],
    ['place.pl', placeProgram, 0o644],
    ['filter.bpf', seccompFilter(process.arch as 'x64' | 'arm64'), 0o644],
  ]
  for (const [name, content, mode] of files) {
    await writeFile(`${folder}/${name}`, content)
    await chmod(`${folder}/${name}`, mode)
  }
  await chmod(folder, 0o755)
}

interface Parts {
  root: string
  programs: string
  settings: SandboxSettings
  groups: Groups | null
  layers: Layers
}

/** Runs the whole chain once, with everything on, and believes what comes out at its other end. */
async function tryLayers(parts: Omit<Parts, 'layers'>): Promise<Layers> {
  const wanted: Layers = { machine: process.arch as 'x64' | 'arm64', ownUsers: process.getuid?.() === 0, landlock: 1, cgroups: parts.groups?.version ?? null }
  const cell = await openCell(parts.root, 'guard-trial', wanted.ownUsers)
  const attempt = async (layers: Layers): Promise<{ landlock: number } | string> => {
    const joined = (await parts.groups?.join(cell.name, groupLimits(parts.settings))) ?? []
    const line = commandLine({ ...parts, layers, cell, argv: ['/bin/cat', '/proc/self/status'], tty: false, proxyUrl: null, groups: joined, report: true })
    const { status, stdout, stderr } = await collectCall(startCall(line))
    return status === 0 && isContained(stdout) ? { landlock: Number(/^landlock=(\d+)/.exec(stdout)![1]) } : `${stderr.trim() || stdout.trim()} (status ${status})`
  }
  const full = await attempt(wanted)
  if (typeof full !== 'string') return { ...wanted, ...full }
  const without = await attempt({ ...wanted, landlock: 0 })
  if (typeof without !== 'string') return { ...wanted, landlock: 0 }
  throw new HardshellError('sandbox.unavailable', `the sandbox does not start: ${without.slice(0, 300)}`, {
    hint: wanted.ownUsers ? 'bwrap --unshare-all --ro-bind / / true shows why' : 'sysctl kernel.unprivileged_userns_clone=1 (or run as root)',
  })
}

/** What the kernel says of a program in the sandbox (proc(5)): filter on, no new privileges, not one capability. */
function isContained(status: string): boolean {
  return ['Seccomp:\t2', 'NoNewPrivs:\t1', ...['CapInh', 'CapPrm', 'CapEff', 'CapAmb'].map((set) => `${set}:\t0000000000000000`)].every((line) => status.includes(`${line}\n`))
}

function groupLimits({ limits }: SandboxSettings): { memoryBytes: number; processes: number; processors: number } {
  return { memoryBytes: limits.memory, processes: limits.processes, processors: limits.cpu }
}

function sandboxOf(parts: Parts, ports: SandboxPorts): Sandbox {
  const { settings, layers, groups, root } = parts
  const running = new Map<Call, Cell>()
  const seats = seatsOf(settings.limits.calls)
  const doors = new Map<string, Promise<Door>>()
  const cells = new Map<string, Promise<Cell>>()

  const end = (call: Call, cell: Cell, why: string): void => {
    ports.onLimit(cell.name, why)
    call.kill(why)
  }
  const disk = watchDisks(settings.limits.disk, {
    clock: ports.clock,
    callsOf: (cell) => [...running].filter(([, its]) => its.name === cell.name).map(([call]) => call),
    onFull: end,
  })
  // One after the other: two agents that come at once must not be given the same user.
  let opening: Promise<unknown> = Promise.resolve()
  const cellOf = async (name: string): Promise<Cell> => {
    const known = cells.get(name)
    if (known) return await known
    const opened = opening.then(() => openCell(root, name, layers.ownUsers))
    opening = opened.catch(() => undefined)
    cells.set(name, opened)
    opened.catch(() => cells.delete(name))
    return await opened
  }

  const start = async (what: Parameters<Sandbox['run']>[0]): Promise<Call> => {
    const cell = await cellOf(what.cell)
    const networked = networkOf(settings, what.cell) === 'egress'
    if (networked) {
      const door = doors.get(cell.name) ?? openDoor(cell, ports.egress)
      doors.set(cell.name, door)
      door.catch(() => doors.delete(cell.name)) // the next call tries again
      await door
    }
    const credential = networked ? ports.proxyCredential(what.cell) : null
    const proxyUrl = networked ? `http://${credential === null ? '' : `${credential}@`}127.0.0.1:${proxyPort}` : null
    const joined = (await groups?.join(cell.name, groupLimits(settings))) ?? []
    // Otherwise each call would add what it can write until it is ended.
    const limits = (await disk.isFull(cell)) ? { ...settings.limits, file_size: 0 } : settings.limits
    const call = startCall(commandLine({ ...parts, settings: { ...settings, limits }, cell, argv: what.argv, tty: what.tty, proxyUrl, groups: joined, report: false }))
    running.set(call, cell)
    const late = setTimeout(() => end(call, cell, `it ran longer than ${settings.limits.wall_clock / 1000} s (sandbox.limits.wall_clock)`), settings.limits.wall_clock)
    disk.watch(cell)
    void call.ended.then(() => {
      clearTimeout(late)
      running.delete(call)
    })
    return call
  }

  return {
    layers,
    running: () => running.size,
    async run(what) {
      const giveBack = seats.take(what.cell)
      try {
        const call = await start(what)
        void call.ended.then(giveBack)
        return call
      } catch (error) {
        giveBack()
        if (error instanceof HardshellError) throw error
        throw new HardshellError('sandbox.failed', `the sandbox of ${what.cell} could not be set up: ${messageOf(error)}`, { cause: error })
      }
    },
    async close() {
      const ends = [...running.keys()].map((call) => call.ended)
      for (const call of running.keys()) call.kill()
      await Promise.all(ends)
      disk.stop()
      for (const door of doors.values()) await (await door).close()
      await groups?.close()
    },
  }
}

/** Cells are named in lower case, agents as the operator likes. */
function networkOf({ agents, network }: SandboxSettings, cell: string): 'none' | 'egress' {
  return Object.entries(agents).find(([id]) => id.toLowerCase() === cell)?.[1].network ?? network
}
