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
  const held = new HeldText()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    readLines(socket, held, (line) => hearLine(socket, line, handlers))
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

// As many as a busy gateway never has open at once: whoever has more is made to wait for the answers.
const maxOpenLines = 256
// A thousand answers. Whoever does not read them gets no more.
const maxUnreadBytes = 1024 * 1024

/** Takes one line after the other, and none while the other side has too many open or leaves its answers unread. */
function readLines(socket: Socket, held: HeldText, hear: (line: string) => Promise<void>): void {
  let rest = ''
  let openLines = 0
  const isFull = (): boolean => openLines >= maxOpenLines || socket.writableLength > maxUnreadBytes
  const goOn = (): void => {
    let end = rest.indexOf('\n')
    for (; end >= 0 && !isFull() && !socket.destroyed; end = rest.indexOf('\n')) {
      openLines++
      void hear(rest.slice(0, end)).catch(() => void socket.destroy()).finally(heard)
      rest = rest.slice(end + 1)
    }
    if (end < 0 && rest.length > maxLineBytes) socket.destroy()
    held.note(socket, rest.length + socket.writableLength)
    if (isFull()) socket.pause()
    else if (socket.isPaused()) socket.resume()
  }
  const heard = (): void => {
    openLines--
    goOn()
  }
  socket.setEncoding('utf8')
  socket.on('close', () => held.forget(socket))
  socket.on('drain', goOn)
  socket.on('data', (chunk: string) => {
    rest += chunk
    goOn()
  })
}

// Lines that are not yet whole and answers that nobody reads, over all connections: whoever holds most of it loses its
// connection. A cap on the number of connections would shut the plugin out instead.
const maxHeldChars = 32 * 1024 * 1024

class HeldText {
  readonly #held = new Map<Socket, number>()

  note(socket: Socket, chars: number): void {
    if (socket.destroyed) return
    this.#held.set(socket, chars)
    let total = 0
    for (const held of this.#held.values()) total += held
    if (total <= maxHeldChars) return
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

const questions = new Set(['tool', 'install', 'inbound'])
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
    if (value['kind'] === 'inbound' && typeof value['text'] !== 'string') return null
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
