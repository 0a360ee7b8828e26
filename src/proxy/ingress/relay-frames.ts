import type { RawData, WebSocket } from 'ws'
import type { Call } from './call.ts'
import { parseObject } from './handshake.ts'
import type { Inbox } from './inbox.ts'

/** A WebSocket and what came through it. */
export interface Line {
  socket: WebSocket
  inbox: Inbox
}

// OpenClaw advertises 25 MiB; attachments of 10 MiB (the usual limit for bodies here) fit into 16 MiB as base64.
export const maxFrameBytes = 16 * 1024 * 1024

/**
 * Lets frames pass both ways, in order and untouched, until either side closes; the other is told code and reason.
 * One frame is changed: the gateway's answer to the connect.
 */
export async function relayFrames(
  { client, gateway, connectId }: { client: Line; gateway: Line; connectId: string },
  call: Call,
): Promise<void> {
  const stop = [keepAlive(client.socket), keepAlive(gateway.socket)]
  const ended = Promise.all([linkClose(client.socket, gateway.socket), linkClose(gateway.socket, client.socket)])
  client.inbox.drain(({ data, isBinary }) => {
    call.bytesIn += sizeOf(data)
    pass(data, { from: client.socket, to: gateway.socket, isBinary })
  })
  let greeted = false
  gateway.inbox.drain(({ data, isBinary }) => {
    call.bytesOut += sizeOf(data)
    const hello = greeted || isBinary ? null : ownHello(String(data), connectId)
    greeted ||= hello !== null
    pass(hello ?? data, { from: gateway.socket, to: client.socket, isBinary })
  })
  await ended
  for (const quit of stop) quit()
}

// Above this the sender is paused until the slow reader has caught up.
const highWaterBytes = 1024 * 1024

function pass(
  data: RawData | string,
  { from, to, isBinary }: { from: WebSocket; to: WebSocket; isBinary: boolean },
): void {
  if (to.readyState !== to.OPEN) return
  to.send(data, { binary: isBinary }, () => {
    if (from.isPaused && to.bufferedAmount < highWaterBytes / 2) from.resume()
  })
  if (to.bufferedAmount > highWaterBytes) from.pause()
}

/**
 * The gateway's hello without what is ours alone: device tokens, which belong to this door's own identity. The frame
 * limit it tells is lowered to the one that is in force here.
 * @returns `null` when this is not the answer to the connect
 */
function ownHello(text: string, connectId: string): string | null {
  const frame = parseObject(text)
  if (frame?.type !== 'res' || frame.id !== connectId) return null
  const payload = frame.payload as { auth?: Record<string, unknown>; policy?: { maxPayload?: number } } | undefined
  if (payload?.auth) {
    delete payload.auth.deviceToken
    delete payload.auth.deviceTokens
  }
  if (payload?.policy?.maxPayload !== undefined)
    payload.policy.maxPayload = Math.min(payload.policy.maxPayload, maxFrameBytes)
  return JSON.stringify(frame)
}

/** Passes a close on. Codes that only exist locally (RFC 6455, section 7.4.1) become what they stand for. */
export function say(socket: WebSocket, { code, reason }: { code: number; reason: string }): void {
  if (socket.readyState === socket.CONNECTING) return socket.terminate()
  const sendable = code === 1005 ? undefined : code === 1006 || code === 1015 ? 1011 : code
  socket.resume() // a paused socket would never read the close frame of the other side
  socket.close(sendable, reason.slice(0, 100)) // a close frame holds 123 bytes of reason
}

function linkClose(from: WebSocket, to: WebSocket): Promise<void> {
  if (from.readyState === from.CLOSED) {
    say(to, { code: 1011, reason: '' })
    return Promise.resolve()
  }
  return new Promise((resolve) => {
    from.once('close', (code, reason) => {
      say(to, { code, reason: reason.toString() })
      setTimeout(() => to.terminate(), 2000).unref() // who does not answer a close is cut off
      resolve()
    })
  })
}

// Two missed pings are a dead line; 30 s keeps most NATs open.
const pingEveryMs = 30_000

function keepAlive(socket: WebSocket): () => void {
  let alive = true
  socket.on('pong', () => (alive = true))
  const timer = setInterval(() => {
    if (!alive && !socket.isPaused) return socket.terminate()
    alive = false
    if (socket.readyState === socket.OPEN) socket.ping()
  }, pingEveryMs)
  timer.unref()
  return () => clearInterval(timer)
}

function sizeOf(data: RawData): number {
  return Array.isArray(data) ? data.reduce((sum, part) => sum + part.length, 0) : data.byteLength
}
