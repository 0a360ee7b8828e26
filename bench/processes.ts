/** What benches need of the processes they start: when they listen, what they cost, and their end. */
import type { ChildProcess } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'

/** CPU time of a process, its threads and its children, user and system. Source: proc(5), stat; 100 ticks a second. */
export function cpuMs({ pid }: ChildProcess): number {
  return familyOf(pid!).reduce((sum, one) => {
    const fields = readFileSync(`/proc/${one}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')
    return sum + (Number(fields[11]) + Number(fields[12])) * 10
  }, 0)
}

/** Resident memory of a process and its children, in MiB. */
export function residentMib({ pid }: ChildProcess): number {
  const kib = (one: number): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${one}/status`, 'utf8'))![1])
  return Math.round(familyOf(pid!).reduce((sum, one) => sum + kib(one), 0) / 1024)
}

function familyOf(pid: number): number[] {
  const threads = readdirSync(`/proc/${pid}/task`)
  const children = threads.flatMap((thread) => childrenOf(`/proc/${pid}/task/${thread}/children`).split(' '))
  return [pid, ...children.filter((text) => text !== '').map(Number)]
}

function childrenOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return '' // a thread that ended since it was listed
  }
}

/** Ends a process and waits until it is gone: its files are about to be removed. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  await gone
}

/** Waits until somebody listens there. @throws after 20 s */
export async function listening(port: number): Promise<void> {
  const end = Date.now() + 20_000
  while (Date.now() < end) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
      socket.on('connect', () => socket.destroy())
    })
    if (open) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`nothing listens on port ${port}`)
}

/** Is this program of the distribution installed? */
export function hasProgram(name: string): boolean {
  return ['/usr/bin', '/usr/sbin', '/usr/local/bin'].some((folder) => existsSync(join(folder, name)))
}
