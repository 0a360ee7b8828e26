import type { Socket } from 'node:net'

/** What is said in one tick leaves in one segment: head, chunk and chunk framing are not worth three. */
export class Outbox {
  readonly #socket: Socket
  readonly #onReady: () => void
  #parts: (Buffer | string)[] = []
  #bytes = 0
  #scheduled = false
  #awaited = false

  /** @param onReady there is room again, after `hasRoom` said no */
  constructor(socket: Socket, onReady: () => void) {
    this.#socket = socket
    this.#onReady = onReady
    socket.on('drain', () => this.#ready())
  }

  /** @param part a string is written as latin1 */
  add(part: Buffer | string): void {
    this.#parts.push(part)
    this.#bytes += part.length
    if (this.#scheduled) return
    this.#scheduled = true
    process.nextTick(flush, this)
  }

  /** What is said last, and leaves at once with everything before it. */
  finish(parts: readonly (Buffer | string)[]): void {
    for (const part of parts) {
      this.#parts.push(part)
      this.#bytes += part.length
    }
    this.flush()
  }

  /** False when the peer reads too slowly; `onReady` follows when it has read. */
  hasRoom(): boolean {
    const full = this.#bytes + this.#socket.writableLength >= maxWaitingBytes
    this.#awaited ||= full
    return !full
  }

  /** Everything said so far has left for the kernel, or will as soon as the peer reads. */
  flush(): void {
    this.#scheduled = false
    const parts = this.#parts
    if (parts.length === 0 || this.#socket.destroyed) return
    this.#parts = []
    this.#bytes = 0
    writeTogether(this.#socket, parts)
    if (this.#awaited && !this.#socket.writableNeedDrain) this.#ready()
  }

  #ready(): void {
    if (!this.#awaited) return
    this.#awaited = false
    this.#onReady()
  }
}

// As much as Node lets a socket hold before it asks for a pause.
const maxWaitingBytes = 65_536
// Up to here copying is cheaper than handing the kernel a list.
const maxCopiedBytes = 32_768

function flush(outbox: Outbox): void {
  outbox.flush()
}

/** Writes parts as one. @param parts strings are written as latin1 */
export function writeTogether(socket: Socket, parts: readonly (Buffer | string)[]): void {
  let length = 0
  for (const part of parts) length += part.length
  if (parts.length === 1) socket.write(parts[0]!, 'latin1')
  else if (length <= maxCopiedBytes) socket.write(joined(parts, length))
  else {
    socket.cork()
    for (const part of parts) socket.write(part, 'latin1')
    socket.uncork()
  }
}

function joined(parts: readonly (Buffer | string)[], length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  let at = 0
  for (const part of parts) {
    if (typeof part === 'string') at += bytes.write(part, at, 'latin1')
    else at += part.copy(bytes, at)
  }
  return bytes
}
