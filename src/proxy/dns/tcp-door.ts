import { createServer, type Server, type Socket } from 'node:net'
import type { Listen } from '../../base/index.ts'
import { listenFailed, type Serve } from './udp-door.ts'

export interface TcpLimits {
  /** One more takes the place of the oldest. */
  maxConnections: number
  /** A connection on which nobody asks is ended (RFC 7766, section 6.2.3: some seconds). */
  idleTimeoutMs: number
}

// RFC 7766, section 6.2.1.1: questions may be sent without waiting for answers; this many are answered at a time.
const maxPipelined = 16
// What a client does not read piles up here; four of the longest answers.
const maxUnsentBytes = 256 * 1024

/** @throws HardshellError `dns.listen-failed` */
export function openTcpDoor(at: Listen, serve: Serve, limits: TcpLimits): Promise<{ server: Server; close(): Promise<void> }> {
  const open = new Set<Socket>()
  const end = (socket: Socket): void => {
    open.delete(socket)
    socket.destroy()
  }
  const server = createServer({ noDelay: true }, (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    // The oldest goes, whatever it is doing: who holds connections for the sake of holding them, with a question now
    // and then, would otherwise shut out everybody else, and the proof whose failure closes everything.
    if (open.size > limits.maxConnections) end(open.values().next().value!)
    converse(socket, serve, limits)
  })
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      for (const socket of open) socket.destroy()
    })
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void => reject(listenFailed(at, cause))
    server.once('error', fail)
    server.listen({ port: at.port, host: at.host, exclusive: true }, () => {
      server.off('error', fail)
      resolve({ server, close })
    })
  })
}

/** Questions come one after the other, each behind its length (RFC 1035, section 4.2.2). */
function converse(socket: Socket, serve: Serve, { idleTimeoutMs }: TcpLimits): void {
  const from = { address: socket.remoteAddress ?? 'unknown', port: socket.remotePort ?? 0, transport: 'tcp' as const }
  let [bytes, underway] = [Buffer.alloc(0), 0]

  const answer = async (question: Buffer): Promise<void> => {
    underway++
    const reply = await serve(question, from).catch(() => null)
    underway--
    // Not a question at all, or one too many: over TCP that is somebody to be rid of.
    if (reply === null || socket.writableLength > maxUnsentBytes) return void socket.destroy()
    socket.write(Buffer.concat([Buffer.from([reply.length >> 8, reply.length & 0xff]), reply]))
    if (underway < maxPipelined) next()
  }
  const next = (): void => {
    while (underway < maxPipelined && bytes.length >= 2 && bytes.length >= 2 + bytes.readUInt16BE(0)) {
      const end = 2 + bytes.readUInt16BE(0)
      const question = bytes.subarray(2, end)
      bytes = bytes.subarray(end)
      void answer(question)
    }
    if (underway < maxPipelined) socket.resume()
    else socket.pause()
  }

  socket.setTimeout(idleTimeoutMs, () => socket.destroy())
  // A byte now and then resets the idle time; a whole question has to come within it too.
  const slow = setInterval(() => {
    if (bytes.length > 0 && underway === 0) socket.destroy()
  }, idleTimeoutMs).unref()
  socket.once('close', () => clearInterval(slow))
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk) => {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk])
    next()
  })
}
