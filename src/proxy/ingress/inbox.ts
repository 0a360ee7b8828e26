import type { RawData, WebSocket } from 'ws'

export interface Frame {
  data: RawData
  isBinary: boolean
}

/** The frames of a WebSocket, none lost while nobody is ready for them. */
export interface Inbox {
  /** The next frame; `null` when it does not come in time or the socket closes first. */
  next(timeoutMs: number): Promise<Frame | null>
  /** From now on every frame, those that waited first. */
  drain(take: (frame: Frame) => void): void
}

/** Must be made before the socket can have received anything. Frames nobody waits for hold the sender up. */
export function createInbox(socket: WebSocket): Inbox {
  const waiting: Frame[] = []
  let take: ((frame: Frame | null) => void) | null = null
  socket.on('message', (data, isBinary) => {
    if (take) return take({ data, isBinary })
    waiting.push({ data, isBinary })
    socket.pause()
  })
  return {
    next(timeoutMs) {
      return new Promise((resolve) => {
        const finish = (frame: Frame | null): void => {
          clearTimeout(timer)
          socket.off('close', leave)
          take = null
          resolve(frame)
        }
        const leave = (): void => finish(null)
        const timer = setTimeout(leave, timeoutMs)
        socket.once('close', leave)
        const first = waiting.shift()
        if (first) return finish(first)
        if (socket.readyState === socket.CLOSED) return leave()
        take = finish
        socket.resume()
      })
    },
    drain(handler) {
      for (const frame of waiting.splice(0)) handler(frame)
      take = (frame) => frame && handler(frame)
      socket.resume()
    },
  }
}
