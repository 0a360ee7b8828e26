import type { Reply } from './exchange.ts'
import { fieldLines, isFlat, statusLine, type FlatFields, type OutgoingFields } from './head-text.ts'
import type { Outbox } from './outbox.ts'

/** What a reply asks of the connection it is written to. */
export interface ReplyHost {
  readonly outbox: Outbox
  /** For an answer that brings no date of its own. */
  readonly dateLine: string
  /** Field lines that say whether the connection goes on; from here on it is decided. */
  persistence(): string
  /** The answer is complete. */
  answered(): void
  /** Ends the connection at once. */
  destroy(): void
}

/** Writes one answer, framed as its request and status ask for. */
export class HttpReply implements Reply {
  headersSent = false
  finished = false

  readonly #host: ReplyHost
  readonly #isHead: boolean
  #bodyless = false
  #gone = false
  #onDrain: (() => void) | null = null
  #onGone: (() => void) | null = null

  constructor(host: ReplyHost, method: string) {
    this.#host = host
    this.#isHead = method === 'HEAD'
  }

  start(status: number, fields: OutgoingFields | FlatFields): void {
    if (this.headersSent || this.#gone) return
    const head = this.#head(status, fields)
    this.headersSent = true
    this.#bodyless = this.#isHead || hasNoBody(status)
    const framing = hasNoBody(status) ? '' : 'transfer-encoding: chunked\r\n'
    this.#host.outbox.add(head + framing + this.#host.persistence())
  }

  write(chunk: Buffer | string): boolean {
    if (!this.headersSent || this.finished || this.#gone || this.#bodyless) return true
    const { outbox } = this.#host
    if (chunk.length > 0) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      outbox.add(bytes.length.toString(16) + '\r\n')
      outbox.add(bytes)
      outbox.add('\r\n')
    }
    return outbox.hasRoom()
  }

  end(chunk?: Buffer | string): void {
    if (chunk !== undefined) this.write(chunk)
    if (!this.headersSent || this.finished || this.#gone) return
    this.#finish(this.#bodyless ? [] : ['0\r\n\r\n'])
  }

  whole(status: number, fields: OutgoingFields | FlatFields, body: Buffer | string): void {
    if (this.headersSent || this.#gone) return
    const head = this.#head(status, fields)
    this.headersSent = true
    if (hasNoBody(status)) return this.#finish([head + this.#host.persistence()])
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    const whole = head + 'content-length: ' + bytes.length + '\r\n' + this.#host.persistence()
    this.#finish(this.#isHead ? [whole] : [whole, bytes])
  }

  onDrain(ready: () => void): void {
    this.#onDrain = ready
  }

  onGone(gone: () => void): void {
    if (this.#gone) gone()
    else this.#onGone = gone
  }

  destroy(): void {
    if (this.finished || this.#gone) return
    this.#gone = true
    this.#host.destroy()
  }

  /** The client reads again. */
  drained(): void {
    if (!this.finished && !this.#gone) this.#onDrain?.()
  }

  /** The client has left. */
  leave(): void {
    if (this.finished || this.#gone) return
    this.#gone = true
    this.#onGone?.()
  }

  /** @throws before anything was written, so that another answer can be given */
  #head(status: number, fields: OutgoingFields | FlatFields): string {
    const hasDate = isFlat(fields) ? fields.includes('date') : fields.date !== undefined
    const date = hasDate ? '' : this.#host.dateLine
    return finalStatusLine(status) + date + fieldLines(fields)
  }

  #finish(parts: readonly (Buffer | string)[]): void {
    this.finished = true
    this.#host.outbox.finish(parts)
    this.#host.answered()
  }
}

/** RFC 9110, sections 15.3.5 and 15.4.5. */
function hasNoBody(status: number): boolean {
  return status === 204 || status === 304
}

function finalStatusLine(status: number): string {
  if (status < 200) throw new RangeError('an answer has a final status')
  return statusLine(status)
}
