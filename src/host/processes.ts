import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { HardshellError } from '../base/index.ts'

/** How a program ended and what it printed. */
export interface Ran {
  /** Its exit status, or the signal that ended it. */
  status: number | string
  out: string
  err: string
}

/** Runs a program to its end: never with a shell, never without a deadline. @throws HardshellError `host.program-missing` */
export type RunProgram = (command: readonly string[], options?: RunOptions) => Promise<Ran>

export interface RunOptions {
  /** Its stdin; nothing by default. */
  input?: string
  timeoutMs?: number
  /** The whole environment; by default a path and nothing else. */
  env?: Readonly<Record<string, string>>
}

// Administrative programs are in sbin, which is on nobody's path but root's.
const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
const systemFolders = systemPath.split(':')
// nft and ip answer within milliseconds, on a machine that is starting within seconds.
const defaultTimeoutMs = 30_000
const maxOutputChars = 8 * 1024 * 1024

export const runProgram: RunProgram = async (command, { input = '', timeoutMs = defaultTimeoutMs, env = {} } = {}) => {
  const [program, ...args] = command
  const path = findProgram(program!)
  if (path === null) throw missing(program!)
  return await new Promise((resolve, reject) => {
    const child = spawn(path, args, { cwd: '/', env: { PATH: systemPath, LANG: 'C.UTF-8', ...env } })
    const ran: Ran = { status: 'running', out: '', err: '' }
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
    const collect = (into: 'out' | 'err') => (text: string) => {
      ran[into] += text
      if (ran[into].length > maxOutputChars) child.kill('SIGKILL')
    }
    child.stdout.setEncoding('utf8').on('data', collect('out'))
    child.stderr.setEncoding('utf8').on('data', collect('err'))
    child.stdin.on('error', () => undefined) // it does not read its input
    child.stdin.end(input)
    child.once('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    child.once('close', (status, signal) => {
      clearTimeout(timer)
      resolve({ ...ran, status: status ?? signal ?? 'nothing' })
    })
  })
}

/** Where a program of the system is, or `null`. A path is taken as it stands. */
export function findProgram(name: string): string | null {
  if (name.includes('/')) return existsSync(name) ? name : null
  return systemFolders.map((folder) => `${folder}/${name}`).find((path) => existsSync(path)) ?? null
}

/** Runs it and takes anything but success for a failure. @throws HardshellError `host.command-failed`, `host.program-missing` */
export async function mustRun(run: RunProgram, command: readonly string[], options?: RunOptions): Promise<string> {
  const { status, out, err } = await run(command, options)
  if (status === 0) return out
  throw new HardshellError('host.command-failed', `${command.join(' ')} ended with ${status}: ${(err || out).trim().slice(0, 600)}`)
}

/** The user ids of this process and of everything it was started by, up to the first process. Empty where there is no /proc. */
export function ancestorUids(pid = process.pid): number[] {
  const uids = new Set<number>()
  for (let at = pid; at > 0; at = field(at, 'PPid') ?? 0) {
    const uid = field(at, 'Uid')
    if (uid !== null) uids.add(uid)
  }
  return [...uids]
}

/** Who started a process, or `null` when it is gone. */
export function parentOf(pid: number): number | null {
  return field(pid, 'PPid')
}

/** User ids of the programs with this name, such as the sshd of each session. */
export function uidsOfProgram(name: string): number[] {
  return [...new Set(everyPid().filter((pid) => text(pid).startsWith(`Name:\t${name}`)).flatMap((pid) => field(pid, 'Uid') ?? []))]
}

/** Numbers of the processes a user runs right now; none where the system has no /proc. */
export function processesOf(uid: number): number[] {
  return everyPid().filter((pid) => field(pid, 'Uid') === uid)
}

function everyPid(): number[] {
  if (!existsSync('/proc/self/status')) return []
  return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)).map(Number)
}

function field(pid: number, name: string): number | null {
  const found = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text(pid))?.[1]
  return found === undefined ? null : Number(found)
}

function text(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return '' // it ended meanwhile
  }
}

function missing(name: string): HardshellError {
  return new HardshellError('host.program-missing', `the program ${name} is not installed`, { hint: packageHint(name) })
}

const packages: Readonly<Record<string, string>> = { nft: 'nftables', ip: 'iproute2', nsenter: 'util-linux', unshare: 'util-linux', mount: 'util-linux', setpriv: 'util-linux' }

function packageHint(name: string): string {
  return `apt-get install ${packages[name] ?? name}`
}
