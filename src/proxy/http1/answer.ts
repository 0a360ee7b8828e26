import type { Fields } from './fields.ts'
import type { FlatFields, OutgoingFields } from './head-text.ts'

/**
 * Where an answer arrives. `sent` may be called before `send` has returned, the others never are; nothing is called
 * after `end`, `fail` or `abort`.
 */
export interface AnswerSink {
  /** Bytes of the request may have reached the origin. */
  sent(): void
  /** Interim answers (1xx) are skipped; `101` fails. */
  start(status: number, fields: Fields): void
  /** A piece of the body without its framing. The bytes are the sink's to keep. */
  data(chunk: Buffer): void
  end(): void
  /**
   * @param error HardshellError `http1.timeout`, `http1.connect-failed`, `http1.broken-off`, `http1.bad-answer`,
   * `http1.bad-request`, `http1.closed`
   */
  fail(error: Error): void
}

/** The other end of an open call. */
export interface Line {
  /** What is in hand still arrives. While paused no deadline runs. */
  pause(): void
  resume(): void
  /** Ends the call at once; the origin sees the connection close. May be called more than once. */
  abort(): void
}

export interface OutgoingRequest {
  method: string
  /** Path and query, origin form. */
  path: string
  /** `host` and the framing fields are set here and dropped from what is given. */
  headers: OutgoingFields | FlatFields
  /** Given away: once the origin has it, its memory is given back, and nobody finds its bytes there again. */
  body: Buffer | null
  /** From writing the request to the answer's head; also the longest wait for a free connection. */
  headersTimeoutMs: number
  /** Longest silence between two pieces of the answer. */
  bodyTimeoutMs: number
}
