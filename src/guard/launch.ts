import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { UserId } from './gateway-user.ts'

/** A program to run for or as the gateway: never with our environment, never with a shell. */
export interface Launch {
  program: string
  args: readonly string[]
  env: Readonly<Record<string, string>>
  cwd: string
  user: UserId | null
  stdio: StdioOptions
}

// util-linux, part of every Debian, Fedora and Alpine with util-linux-misc. Not on macOS.
const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path))

/**
 * Starts it with as little as possible: its own user, no supplementary groups, no capabilities, no way to gain any
 * (no_new_privs), and a death note from the kernel when the guard dies, so that a killed guard leaves no gateway.
 * Where `setpriv` is missing, only the user is changed; `hardeningMissing` says so on the screen.
 */
export function launch({ program, args, env, cwd, user, stdio }: Launch): ChildProcess {
  const options = { env, cwd, stdio, detached: true } // a group of its own: Ctrl-C reaches the guard, which stops it in order
  const [enter, ...where] = user?.enter ?? []
  if (setpriv === undefined) {
    if (enter !== undefined) throw new Error('setpriv is not installed: nothing can be started inside the isolation')
    return spawn(program, args, user ? { ...options, uid: user.uid, gid: user.gid } : options)
  }
  const drop = user
    ? ['--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups', '--bounding-set=-all', '--inh-caps=-all']
    : []
  const dropped = [...drop, '--no-new-privs', '--pdeathsig', 'KILL', '--', program, ...args]
  if (enter === undefined) return spawn(setpriv, dropped, options)
  // Rights are dropped last: only root may enter. It replaces itself, so that the child is the program at last.
  return spawn(enter, [...where, `--wdns=${cwd}`, '--', ...(user?.wall ?? []), setpriv, ...dropped], options)
}

/** What could not be taken away from the gateway on this machine, or `null`. */
export function hardeningMissing(): string | null {
  return setpriv === undefined ? 'setpriv is not installed: no_new_privs and the death note to children are missing' : null
}

/** Runs to the end and collects what it printed. @throws when it fails, does not end in time, or prints too much */
export async function runToEnd(task: Omit<Launch, 'stdio'>, limits: { timeoutMs: number; signal?: AbortSignal }): Promise<string> {
  const { status, out, err } = await runAndCollect(task, limits)
  if (status !== 0) throw new Error(`${task.args.slice(0, 3).join(' ')} ended with ${status}: ${(err + out).trim().slice(-400)}`)
  return out
}

/** The same for whom a failure is an answer too. @throws when it cannot be started or prints too much */
export async function runAndCollect(task: Omit<Launch, 'stdio'>, limits: { timeoutMs: number; signal?: AbortSignal }): Promise<{ status: number | string; out: string; err: string }> {
  const child = launch({ ...task, stdio: ['ignore', 'pipe', 'pipe'] })
  const stop = (): void => killGroup(child, 'SIGKILL')
  const timer = setTimeout(stop, limits.timeoutMs)
  limits.signal?.addEventListener('abort', stop, { once: true })
  try {
    const [out, err, status] = await Promise.all([collect(child.stdout), collect(child.stderr), ended(child)])
    return { status, out, err }
  } finally {
    clearTimeout(timer)
    limits.signal?.removeEventListener('abort', stop)
  }
}

/** Signals the child and everything it started. A group that is gone is no error. */
export function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    child.kill(signal)
  }
}

function ended(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status, signal) => resolve(status ?? signal ?? 'nothing'))
  })
}

// A security audit prints some tens of kilobytes.
const maxOutputChars = 4 * 1024 * 1024

async function collect(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = ''
  if (!stream) return text
  for await (const chunk of stream.setEncoding('utf8')) {
    text += String(chunk)
    if (text.length > maxOutputChars) throw new Error('the program prints without end')
  }
  return text
}
