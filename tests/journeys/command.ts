import { spawn } from 'node:child_process'
import { join } from 'node:path'

export const repository = join(import.meta.dirname, '../..')
const program = join(repository, 'src/cli/main.ts')

export interface Ended {
  status: number | string
  out: string
  err: string
}

export interface CommandOptions {
  env?: Record<string, string>
  cwd?: string
  input?: string
  timeoutMs?: number
}

/** Runs a program to its end, with nothing in its environment but what is given. */
export function runToEnd(command: string, args: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  const { env = {}, cwd = '/', input = '', timeoutMs = 170_000 } = options
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', ...env } })
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
    const ended: Ended = { status: 'running', out: '', err: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (ended.out += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (ended.err += text))
    child.stdin.on('error', () => {}) // a program that does not read its input
    child.stdin.end(input)
    child.once('error', reject)
    child.once('close', (status, signal) => {
      clearTimeout(timer)
      resolve({ ...ended, status: status ?? signal ?? 'nothing' })
    })
  })
}

/** Runs `hardshell …` from the sources. */
export async function hardshell(args: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  return await runToEnd(process.execPath, [program, ...args], options)
}

/** How `hardshell …` is spawned by who wants to keep it running. */
export function hardshellArgs(args: readonly string[]): [command: string, args: string[]] {
  return [process.execPath, [program, ...args]]
}
