import type { Socket } from 'node:net'
import { refusal, settle, type Passage } from './passage.ts'

/**
 * Lets bytes flow both ways until both ends are closed. Either end may finish first; silence, too many bytes or an
 * error ends both, so that no half-open socket stays behind.
 */
export async function relay(
  passage: Passage,
  ends: { client: Socket; upstream: Socket },
  limits: { idleTimeoutMs: number; maxBytesPerConnection: number },
): Promise<void> {
  const { client, upstream } = ends
  const count = (): void => {
    if (passage.bytesIn + passage.bytesOut <= limits.maxBytesPerConnection) return
    settle(
      passage,
      refusal(403, 'egress.too-many-bytes', `more than ${limits.maxBytesPerConnection} bytes through one connection`),
    )
    client.destroy()
    upstream.destroy()
  }
  client.on('data', (chunk: Buffer) => {
    passage.bytesIn += chunk.length
    count()
  })
  upstream.on('data', (chunk: Buffer) => {
    passage.bytesOut += chunk.length
    count()
  })
  client.pipe(upstream)
  upstream.pipe(client)
  await Promise.all([
    untilClosed(client, upstream, limits.idleTimeoutMs),
    untilClosed(upstream, client, limits.idleTimeoutMs),
  ])
}

function untilClosed(socket: Socket, other: Socket, idleTimeoutMs: number): Promise<void> {
  socket.setTimeout(idleTimeoutMs, () => {
    socket.destroy()
    other.destroy()
  })
  return new Promise((resolve) => {
    const done = (): void => {
      other.destroySoon() // what was already handed over still goes out
      resolve()
    }
    if (socket.destroyed) done()
    else socket.once('close', done)
  })
}
