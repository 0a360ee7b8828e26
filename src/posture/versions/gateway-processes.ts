import { posix } from 'node:path'
import type { Machine } from '../../host/index.ts'
import { installedAt, type Installed } from './installed.ts'

/** A gateway that runs now. */
export interface RunningGateway {
  pid: number
  startedMs: number
  /** The package it was started from; `null` when nothing says where that is. */
  package: Installed | null
  /** Its program, as the kernel names it: the Node it runs on. `null` when we may not look. */
  exe: string | null
  /** Its program was replaced or removed since it started. */
  exeReplaced: boolean
}

// The kernel counts process times in hundredths of a second for programs (`getconf CLK_TCK`), on every architecture Linux runs Node on.
const ticksPerSecond = 100

/**
 * Gateways among the processes of Linux and macOS. `null`: processes cannot be seen here (Windows, or a copy of the
 * files of a machine). What a process says of itself is attacker-controlled: it names files to read and nothing to run.
 */
export async function findGateways(machine: Machine, known: readonly Installed[]): Promise<readonly RunningGateway[] | null> {
  if (machine.platform === 'darwin') return await gatewaysOfMac(machine, known)
  const bootMs = bootTimeMs(await machine.text('/proc/stat').catch(() => null))
  const names = bootMs === null ? null : await machine.names('/proc').catch(() => null)
  if (names === null || bootMs === null) return null
  const fromUnits = await packagesOfUnits(machine)
  const found = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(async (pid) => await gatewayOf(machine, Number(pid), { bootMs, known, fromUnits })))
  return found.flatMap((one) => one ?? [])
}

/** macOS tells the start in local time and names no program once OpenClaw has written its title over the arguments. */
async function gatewaysOfMac(machine: Machine, known: readonly Installed[]): Promise<readonly RunningGateway[] | null> {
  const ran = machine.live ? await machine.run(['ps', '-axo', 'pid=,lstart=,command=']) : null
  if (ran?.status !== 0) return null
  const rows = [...ran.out.matchAll(/^\s*(\d+)\s+(\w{3} +\w{3} +\d+ +[\d:]{8} +\d{4})\s+(.*)$/gm)]
  const found = rows.map(async ([, pid, started, command]): Promise<RunningGateway | null> => {
    const words = command!.split(' ')
    const startedMs = Date.parse(started!)
    if (!isGateway(words) || Number.isNaN(startedMs)) return null
    return { pid: Number(pid), startedMs, package: (await packageIn(machine, words)) ?? (known.length === 1 ? known[0]! : null), exe: words[0]!.startsWith('/') ? words[0]! : null, exeReplaced: false }
  })
  return (await Promise.all(found)).flatMap((one) => one ?? [])
}

interface Around {
  bootMs: number
  known: readonly Installed[]
  fromUnits: readonly Installed[]
}

async function gatewayOf(machine: Machine, pid: number, { bootMs, known, fromUnits }: Around): Promise<RunningGateway | null> {
  const arguments_ = ((await machine.text(`/proc/${pid}/cmdline`).catch(() => null)) ?? '').split('\0').filter((part) => part !== '')
  if (!isGateway(arguments_)) return null
  const stat = await machine.text(`/proc/${pid}/stat`).catch(() => null)
  const startedMs = stat === null ? null : startOf(stat, bootMs)
  if (startedMs === null) return null // it ended meanwhile
  const exe = (await machine.status(`/proc/${pid}/exe`).catch(() => null))?.target ?? null
  const candidates = fromUnits.length > 0 ? fromUnits : known
  // Only one on the machine: then it is that one. With two nobody can tell.
  const byGuess = candidates.length === 1 ? candidates[0]! : null
  return {
    pid,
    startedMs,
    package: (await packageIn(machine, arguments_)) ?? (await packageBelow(machine, pid)) ?? byGuess,
    exe: exe?.replace(/ \(deleted\)$/, '') ?? null,
    exeReplaced: exe?.endsWith(' (deleted)') ?? false,
  }
}

/** OpenClaw writes `openclaw-gateway` over its arguments once it runs; before that, and in older versions, they are still there. */
function isGateway(words: readonly string[]): boolean {
  const [first = ''] = words
  if (/^(openclaw|moltbot|clawdbot)-gateway\b/.test(first)) return true
  const script = words.find((word) => /\/(openclaw|moltbot|clawdbot)\/(openclaw\.mjs|moltbot\.mjs|dist\/(index|entry)\.m?js)$/.test(word))
  return script !== undefined && words.includes('gateway')
}

async function packageIn(machine: Machine, words: readonly string[]): Promise<Installed | null> {
  for (const word of words) {
    const folder = packageFolder(word)
    const found = folder === null ? null : await installedAt(machine, folder)
    if (found) return found
  }
  return null
}

/** A gateway that was started where npm put OpenClaw for one project. */
async function packageBelow(machine: Machine, pid: number): Promise<Installed | null> {
  const folder = (await machine.status(`/proc/${pid}/cwd`).catch(() => null))?.target
  return folder?.startsWith('/') === true ? await installedAt(machine, posix.join(folder, 'node_modules/openclaw')) : null
}

/** `/usr/lib/node_modules/openclaw` of `/usr/lib/node_modules/openclaw/dist/index.js`. */
function packageFolder(word: string): string | null {
  return /^(\/.*\/(?:openclaw|moltbot|clawdbot))\/(?:openclaw\.mjs|moltbot\.mjs|dist\/)/.exec(word)?.[1] ?? null
}

/** The packages that units of systemd start as a gateway. */
async function packagesOfUnits(machine: Machine): Promise<readonly Installed[]> {
  const folders = [posix.join(machine.home, '.config/systemd/user'), '/etc/systemd/user', '/etc/systemd/system']
  const found: Installed[] = []
  for (const folder of folders) {
    const names = (await machine.names(folder).catch(() => null)) ?? []
    for (const name of names.filter((unit) => /(openclaw|moltbot|clawdbot).*\.service$/.test(unit))) {
      const text = (await machine.text(posix.join(folder, name)).catch(() => null)) ?? ''
      const words = /^ExecStart=(.*)$/m.exec(text)?.[1]?.split(/\s+/).map((word) => word.replaceAll(/^["']|["']$/g, '')) ?? []
      const package_ = await packageIn(machine, words)
      if (package_ && !found.some(({ path }) => path === package_.path)) found.push(package_)
    }
  }
  return found
}

function bootTimeMs(stat: string | null): number | null {
  const seconds = stat === null ? undefined : /^btime (\d+)$/m.exec(stat)?.[1]
  return seconds === undefined ? null : Number(seconds) * 1000
}

/** proc(5): field 22 of `stat`, counted behind the last bracket because the name may hold anything. */
function startOf(stat: string, bootMs: number): number | null {
  const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19])
  return Number.isFinite(ticks) ? bootMs + (ticks / ticksPerSecond) * 1000 : null
}
