import type { FlatFields, OutgoingFields, Reply } from '../http1/index.ts'

// What an answer may bring before the decision behind it is durable; then the provider waits.
const maxHeldBytes = 262_144

/** @returns false when the client reads too slowly */
type Saying = (reply: Reply) => boolean | void

/**
 * Keeps what a client is told until it may be shown. The answer can so be read and looked through while the disk still
 * takes the decision behind it.
 */
export class HeldReply implements Reply {
  /** Whom it is kept from. */
  readonly #reply: Reply
  /** What is to be said, in order; `null`: it may be said. */
  #held: Saying[] | null = []
  #heldBytes = 0
  #onDrain: (() => void) | null = null
  #isAwaited = false

  constructor(reply: Reply) {
    this.#reply = reply
  }

  /** What was said to be forgotten: another answer may be given there. */
  forget(): Reply {
    this.#held = []
    return this.#reply
  }

  /** True once the client has seen something. */
  get headersSent(): boolean {
    return this.#reply.headersSent
  }

  get finished(): boolean {
    return this.#reply.finished
  }

  /** Says everything, and from now on at once. @returns false when the client reads too slowly: `onDrain` follows */
  release(): boolean {
    const held = this.#held
    this.#held = null
    let hasRoom = true
    for (const say of held ?? []) hasRoom = say(this.#reply) !== false
    if (this.#isAwaited && hasRoom) this.#onDrain?.()
    return hasRoom
  }

  start(status: number, fields: OutgoingFields | FlatFields): void {
    this.#say((reply) => reply.start(status, fields))
  }

  write(chunk: Buffer | string): boolean {
    if (!this.#held) return this.#reply.write(chunk)
    this.#held.push((reply) => reply.write(chunk))
    this.#heldBytes += chunk.length
    this.#isAwaited ||= this.#heldBytes > maxHeldBytes
    return !this.#isAwaited
  }

  end(chunk?: Buffer | string): void {
    this.#say((reply) => reply.end(chunk))
  }

  whole(status: number, fields: OutgoingFields | FlatFields, body: Buffer | string): void {
    this.#say((reply) => reply.whole(status, fields, body))
  }

  onDrain(ready: () => void): void {
    this.#onDrain = ready
    this.#reply.onDrain(ready)
  }

  onGone(gone: () => void): void {
    this.#reply.onGone(gone)
  }

  destroy(): void {
    this.#reply.destroy()
  }

  #say(saying: Saying): void {
    if (this.#held) this.#held.push(saying)
    else saying(this.#reply)
  }
}
