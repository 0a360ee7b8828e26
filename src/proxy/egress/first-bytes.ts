import type { Socket } from 'node:net'
import type { Patience } from './patience.ts'

/** What a reader says about the bytes so far. `bad` ends the reading at once. */
export type Progress = 'more' | 'done' | 'bad'

/**
 * Collects the first bytes of a connection until a reader has enough, and leaves the socket paused.
 * @returns everything received so far, or `null` when the bytes are bad, too many, too late, or the peer went away
 */
export function readFirstBytes(
  socket: Socket,
  more: { head: Buffer; maxBytes: number; patience: Patience; timeoutMs: number; judge: (bytes: Buffer) => Progress },
): Promise<Buffer | null> {
  return new Promise((resolve) => {
    let bytes = more.head
    const finish = (result: Buffer | null): void => {
      more.patience.rest()
      socket.off('data', take).off('end', give).off('close', give)
      socket.pause()
      resolve(result)
    }
    const look = (): void => {
      const progress = more.judge(bytes)
      if (progress === 'done') finish(bytes)
      else if (progress === 'bad' || bytes.length >= more.maxBytes) finish(null)
    }
    const take = (chunk: Buffer): void => {
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk])
      look()
    }
    const give = (): void => finish(null)
    more.patience.wait(more.timeoutMs, give)
    socket.on('data', take).on('end', give).on('close', give)
    if (socket.destroyed) give()
    else if (bytes.length > 0) look()
    if (!socket.destroyed) socket.resume()
  })
}
