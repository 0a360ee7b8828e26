import type { Fields } from './fields.ts'
import type { FlatFields, OutgoingFields } from './head-text.ts'
import type { MayKeep, ReadBody } from './incoming-body.ts'

/** One request and the place for its answer. Everything read from it is attacker-controlled. */
export interface Exchange {
  /** One of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS: others never arrive. */
  readonly method: string
  /** Origin form: begins with `/`, printable ASCII without space, quotes, `<`, `>`, `#` and `\`. */
  readonly target: string
  /** Address as the kernel reports it. */
  readonly peer: string
  readonly fields: Fields
  readonly reply: Reply
  /** The whole body has arrived (an empty one always has). */
  readonly complete: boolean
  /** Shorthand for `fields.get(name)`: lower case name; repeated fields joined; `undefined` when absent. */
  header(name: string): string | undefined
  /** Name, value, name, value … in the order received, names in lower case. */
  headers(): readonly string[]
  /**
   * The body when all of it is here already, without waiting: the usual case, one segment holds the request.
   * `null`: it has not arrived, or is larger than `maxBytes`; `body` tells which. The bytes are the caller's to keep.
   */
  bodyIfWhole(maxBytes: number): Buffer | null
  /**
   * Reads the body whole, asking for it first when the client waits for `100 Continue`. Ask once.
   * @param mayKeep asked as it arrives, with how many bytes more there are to be kept; by default always yes
   * @returns `too-large` as soon as that is certain; `no-room` when `mayKeep` said no; `broken` when the client left, was too slow or framed it badly
   */
  body(maxBytes: number, mayKeep?: MayKeep): Promise<ReadBody>
}

/**
 * The answer to one request. Framing is not the caller's: `content-length`, `transfer-encoding`, `connection` and
 * `keep-alive` are set here and dropped from what is given. Calls after the end, or after the client left, do nothing.
 * An answer that begins before the request's body was read is the last one on its connection.
 */
export interface Reply {
  readonly headersSent: boolean
  /** The answer is complete on our side. */
  readonly finished: boolean
  /** Begins a stream: its head leaves at the end of this tick, together with what is written until then. */
  start(status: number, fields: OutgoingFields | FlatFields): void
  /** @returns false when the client reads too slowly: go on after `onDrain` */
  write(chunk: Buffer | string): boolean
  /** Ends a stream. */
  end(chunk?: Buffer | string): void
  /** The whole answer at once, in one segment when it fits. */
  whole(status: number, fields: OutgoingFields | FlatFields, body: Buffer | string): void
  /** Called each time there is room again after `write` returned false. One listener: the last one set. */
  onDrain(ready: () => void): void
  /** Called once when the client leaves before the answer is finished; at once when it has left. One listener. */
  onGone(gone: () => void): void
  /** Breaks off: the client sees that this is not the whole answer. `onGone` is not called. */
  destroy(): void
}
