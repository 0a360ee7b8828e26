import { spawn, type ChildProcess } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import type { CommandLine } from './plan.ts'

/** One program tree in the sandbox. */
export interface Call {
  stdin: Writable
  stdout: Readable
  stderr: Readable
  /** Ends the whole tree at once. @param why is said on stderr when there is a reason the agent should know */
  kill(why?: string): void
  /** Exit status as a shell counts it, after everything it printed was read. `said`: why we ended it. */
  ended: Promise<{ status: number; said: string | null }>
}

/**
 * Starts it. What dies with the outermost program dies altogether: the namespace of processes goes with its first
 * one, whatever daemons and double forks were made in it.
 */
export function startCall({ program, args, whispered }: CommandLine): Call {
  const child: ChildProcess = spawn(program, args, { env: {}, cwd: '/', stdio: ['pipe', 'pipe', 'pipe', 'pipe'], detached: true })
  const whisper = child.stdio[3] as Writable
  whisper.on('error', () => undefined) // it ended before it listened: its status says so
  whisper.end(whispered.map((word) => `${word}\0`).join(''))
  let said: string | null = null
  const ended = new Promise<{ status: number; said: string | null }>((resolve) => {
    child.once('error', (error) => resolve({ status: 255, said: said ?? error.message }))
    child.once('close', (status, signal) => resolve({ status: said === null ? (status ?? (signal === 'SIGKILL' ? 137 : 143)) : 137, said }))
  })
  child.stdin!.on('error', () => undefined) // it reads no more: its own business
  return {
    stdin: child.stdin!,
    stdout: child.stdout!,
    stderr: child.stderr!,
    ended,
    kill(why) {
      said ??= why ?? null
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
      try {
        process.kill(-child.pid, 'SIGKILL')
      } catch {
        child.kill('SIGKILL')
      }
    },
  }
}

/** Runs to the end and collects what it printed, up to a limit; more ends it. */
export async function collectCall(call: Call, maxBytes = 1024 * 1024): Promise<{ status: number; stdout: string; stderr: string; said: string | null }> {
  const text = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    call[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk
      if (text[name].length > maxBytes) call.kill('it printed too much')
    })
  }
  call.stdin.end()
  return { ...(await call.ended), ...text }
}
