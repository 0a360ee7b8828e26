import { chmod, chown, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { messageOf } from '../base/index.ts'
import type { PluginAnswer, PluginNotice, PluginQuestion } from './contract.ts'
import type { Closable } from './server.ts'

/** What the guard does with the plugin's words. */
export interface PluginHandlers {
  /** Must answer; what it throws becomes a refusal. */
  judge(question: PluginQuestion): Promise<Omit<PluginAnswer, 'id'>>
  hear(notice: PluginNotice): Promise<void>
}

// The plugin refuses by itself what is larger than 4 MiB; whoever sends more is not our plugin.
const maxLineBytes = 5 * 1024 * 1024

/**
 * Answers the plugin on its own socket, and nothing but its questions: an agent that gets hold of this socket can
 * ask whether it may do something, and claim things about itself, and that is all.
 *
 * @param owner the gateway's user and group, who may connect; `null` when it is our own user
 */
export async function servePlugin(path: string, handlers: PluginHandlers, owner: { uid: number; gid: number } | null): Promise<Closable> {
  const open = new Set<Socket>()
  const half = new HalfLines()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    readLines(socket, half, (line) => void hearLine(socket, line, handlers))
  })
  await rm(path, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  await chmod(path, owner ? 0o660 : 0o600)
  if (owner) await chown(path, process.getuid?.() ?? 0, owner.gid)
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}

function readLines(socket: Socket, half: HalfLines, onLine: (line: string) => void): void {
  let rest = ''
  socket.setEncoding('utf8')
  socket.on('close', () => half.forget(socket))
  socket.on('data', (chunk: string) => {
    rest += chunk
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      onLine(rest.slice(0, end))
      rest = rest.slice(end + 1)
    }
    if (rest.length > maxLineBytes) socket.destroy()
    else half.note(socket, rest.length)
  })
}

// Lines that are not yet whole, over all connections: whoever holds most of it loses its connection. A cap on the
// number of connections would shut the plugin out instead.
const maxHalfChars = 32 * 1024 * 1024

class HalfLines {
  readonly #held = new Map<Socket, number>()

  note(socket: Socket, chars: number): void {
    this.#held.set(socket, chars)
    let total = 0
    for (const held of this.#held.values()) total += held
    if (total <= maxHalfChars) return
    const [largest] = [...this.#held].reduce((a, b) => (b[1] > a[1] ? b : a))
    largest.destroy()
  }

  forget(socket: Socket): void {
    this.#held.delete(socket)
  }
}

async function hearLine(socket: Socket, line: string, handlers: PluginHandlers): Promise<void> {
  const message = readMessage(line)
  if (!message) {
    socket.destroy() // not the plugin's language
    return
  }
  if (!('id' in message)) {
    await handlers.hear(message).catch(() => void socket.destroy())
    return
  }
  const { id, ...question } = message
  const verdict = await handlers
    .judge(question)
    .catch((error: unknown) => ({ allow: false, rule: 'guard.failed', reason: `the guard could not decide: ${messageOf(error)}` }))
  if (!socket.destroyed) socket.write(`${JSON.stringify({ id, ...verdict })}\n`)
}

// Ids, names and addresses. Whatever is longer is no name, and the turn book would keep 20,000 of it.
const maxNameChars = 2048

const questions = new Set(['tool', 'install'])
const notices = new Set(['hello', 'announce', 'spawned', 'tool-done', 'message'])

// Every field is attacker-controlled: shapes are checked here, meaning is judged by the handlers.
function readMessage(line: string): (PluginQuestion & { id: number }) | PluginNotice | null {
  try {
    const value = JSON.parse(line) as Record<string, unknown>
    const textual = ['tool', 'agentId', 'sessionKey', 'runId', 'name', 'source', 'traceId', 'channel', 'sender', 'error', 'jobId', 'childSessionKey', 'parentSessionKey']
    const isText = (field: unknown): boolean => typeof field === 'string' && field.length <= maxNameChars
    const sound =
      textual.every((key) => value[key] === undefined || value[key] === null || isText(value[key])) &&
      ['durationMs', 'chars', 'pid'].every((key) => value[key] === undefined || Number.isFinite(value[key])) &&
      ['direction', 'pluginVersion', 'what'].every((key) => value[key] === undefined || isText(value[key]))
    if (value['kind'] === 'spawned' && !(isText(value['childSessionKey']) && isText(value['parentSessionKey']))) return null
    if (value['kind'] === 'announce' && !/^[0-9a-f]{32}$/.test(String(value['traceId']))) return null
    if (!sound || typeof value['kind'] !== 'string') return null
    if (questions.has(value['kind']) && Number.isSafeInteger(value['id'])) return value as unknown as PluginQuestion & { id: number }
    if (!notices.has(value['kind'])) return null
    delete value['id']
    return value as unknown as PluginNotice
  } catch {
    return null
  }
}
