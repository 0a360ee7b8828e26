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
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    readLines(socket, (line) => void hearLine(socket, line, handlers))
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

function readLines(socket: Socket, onLine: (line: string) => void): void {
  let rest = ''
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    rest += chunk
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      onLine(rest.slice(0, end))
      rest = rest.slice(end + 1)
    }
    if (rest.length > maxLineBytes) socket.destroy()
  })
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

const questions = new Set(['tool', 'install'])
const notices = new Set(['hello', 'announce', 'tool-done', 'message'])

// Every field is attacker-controlled: shapes are checked here, meaning is judged by the handlers.
function readMessage(line: string): (PluginQuestion & { id: number }) | PluginNotice | null {
  try {
    const value = JSON.parse(line) as Record<string, unknown>
    const textual = ['tool', 'agentId', 'sessionKey', 'runId', 'name', 'source', 'traceId', 'channel', 'sender', 'error']
    const sound = textual.every((key) => value[key] === undefined || value[key] === null || typeof value[key] === 'string')
    if (!sound || typeof value['kind'] !== 'string') return null
    if (questions.has(value['kind']) && Number.isSafeInteger(value['id'])) return value as unknown as PluginQuestion & { id: number }
    if (!notices.has(value['kind'])) return null
    delete value['id']
    return value as unknown as PluginNotice
  } catch {
    return null
  }
}
