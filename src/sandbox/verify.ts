import { createServer, type Server } from 'node:net'
import { createSocket } from 'node:dgram'
import { spawn } from 'node:child_process'
import { networkInterfaces } from 'node:os'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nonce } from '../base/index.ts'
import { escapeProgram } from './escape-program.ts'

/** One attempt to get out, and what came of it. `unknown`: it could not be made, which is no proof of anything. */
export interface EscapeAttempt {
  /** `network.loopback`, `kernel.mount`: finds the attempt in `escape-program.ts`. */
  id: string
  result: 'held' | 'escaped' | 'unknown'
  /** What stopped it, or what it reached. */
  detail: string
}

/** What there is outside to be reached, and how much of everything is allowed. */
export interface EscapeTargets {
  guardFiles: readonly string[]
  gatewayFiles: readonly string[]
  /** Files of another agent's cell on this machine. */
  otherAgent: readonly string[]
  sockets: readonly string[]
  /** User the guard runs as; `null` where it cannot be another. */
  uid: number | null
  limits: { processes: number; memory: number; fileSize: number; openFiles: number }
  /** Ids to try; `null`: all. */
  only: readonly string[] | null
  /** What is written on everything that lies outside; by default a word of its own. */
  word?: string
}

/** Runs a program inside, gives it this text on stdin, and returns what it printed on stdout. */
export type RunInside = (argv: readonly string[], stdin: string) => Promise<string>

/**
 * Puts something to be reached outside (listeners, a process, a file), and tries to reach it, and much else, from inside.
 * @returns one entry per attempt, in the order they were made; an empty list when nothing ran
 */
export async function tryEscapes(runInside: RunInside, targets: EscapeTargets, seconds = 20): Promise<EscapeAttempt[]> {
  const { limits, word, ...rest } = targets
  const bait = await layBait(word ?? nonce())
  try {
    const printed = await runInside(['/usr/bin/python3', '-I', '-c', escapeProgram], `${JSON.stringify({ ...rest, ...limits, ...bait.facts, seconds })}\n`)
    return printed.split('\n').flatMap((line) => readAnswer(line) ?? [])
  } finally {
    await bait.remove()
  }
}

// What the program prints has been in the hands of whoever is inside: it is read, not believed to be well formed.
function readAnswer(line: string): EscapeAttempt | null {
  try {
    const { id, escaped, detail } = JSON.parse(line) as { id: unknown; escaped: unknown; detail: unknown }
    if (typeof id !== 'string' || typeof detail !== 'string') return null
    return { id, result: escaped === true ? 'escaped' : escaped === false ? 'held' : 'unknown', detail: detail.slice(0, 300) }
  } catch {
    return null
  }
}

interface Bait {
  facts: Readonly<Record<string, string | number>>
  remove(): Promise<void>
}

async function layBait(word: string): Promise<Bait> {
  const folder = await mkdtemp(join(tmpdir(), 'hardshell-bait-'))
  const outside = join(folder, 'file')
  await writeFile(outside, word, { mode: 0o644 })
  const tcp = await listen({ host: '0.0.0.0', port: 0 }, word)
  const tcp6 = await listen({ host: '::1', port: 0 }, word).catch(() => null)
  const unix = await listen({ path: join(folder, 'socket') }, word)
  const abstract = await listen({ path: `\0${word}` }, word)
  const udp = createSocket('udp4', (_message, from) => udp.send(word, from.port, from.address))
  await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve))
  const other = spawn('/bin/sh', ['-c', 'read wait', word], { stdio: ['pipe', 'ignore', 'ignore'], env: {} })
  const address = Object.values(networkInterfaces()).flat().find((one) => one && !one.internal && one.family === 'IPv4')?.address ?? '127.0.0.2'
  const port = (server: Server | null): number => (server?.address() as { port: number } | null)?.port ?? 1
  return {
    facts: { nonce: word, port: port(tcp), port6: port(tcp6), udp: udp.address().port, address, abstract: word, socket: join(folder, 'socket'), outside, pid: other.pid ?? process.pid },
    async remove() {
      other.kill('SIGKILL')
      udp.close()
      for (const server of [tcp, tcp6, unix, abstract]) if (server) await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function listen(where: { host: string; port: number } | { path: string }, word: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.end(word)
    })
    server.once('error', reject)
    server.listen(where, () => resolve(server))
  })
}
