import type { AnswerSink, Line, OutgoingRequest } from './answer.ts'
import { Backlog } from './backlog.ts'
import { ChunkedReader } from './chunked.ts'
import { http1Error } from './errors.ts'
import { giveBack } from './give-back.ts'
import { HeadSearch } from './head-end.ts'
import { readResponseHead } from './response-head.ts'
import { writeTogether } from './outbox.ts'
import type { Deadlined, Sweep } from './sweep.ts'
import type { Upstream } from './upstream.ts'

// Providers put rate limits, policies and ids into fields; 64 KiB is twice what we take from clients.
const maxHeadBytes = 65_536
// Early hints come once or twice; an origin that only ever hints never answers.
const maxInterim = 16

/** What a call asks of the pool it waits in. */
export interface CallHost {
  readonly sweep: Sweep
  /** The call is over before a connection was found for it. */
  forget(call: Call): void
}

/** One request to the origin and the reading of its answer. */
export class Call implements Line, Deadlined {
  /** While the call waits for a connection; later the connection's own counts. */
  deadlineAt: number

  readonly #host: CallHost
  readonly #request: OutgoingRequest
  readonly #head: string
  readonly #sink: AnswerSink
  readonly #search = new HeadSearch(maxHeadBytes)
  readonly #backlog = new Backlog()
  #upstream: Upstream | null = null
  #state: 'waiting' | 'head' | 'body' | 'over' = 'waiting'
  #framing: 'length' | 'chunked' | 'close' = 'length'
  #left = 0
  #chunked: ChunkedReader | null = null
  #keepAliveMs: number | null = null
  #interim = 0
  #paused = false

  /** @param head of the request, as it is written */
  constructor(host: CallHost, request: OutgoingRequest, head: string, sink: AnswerSink) {
    this.#host = host
    this.#request = request
    this.#head = head
    this.#sink = sink
    this.deadlineAt = Infinity
  }

  /** It waits in line for a connection. */
  wait(): void {
    this.deadlineAt = this.#host.sweep.after(this.#request.headersTimeoutMs)
  }

  /** A connection is being made for it. */
  attach(upstream: Upstream): void {
    this.#upstream = upstream
  }

  /** The connection stands: the request is written, once. */
  begin(upstream: Upstream): void {
    this.#upstream = upstream
    this.#state = 'head'
    const body = this.#request.body
    writeTogether(upstream.socket, body === null ? [this.#head] : [this.#head, body])
    if (this.#paused) upstream.pause()
    else upstream.expectWithin(this.#request.headersTimeoutMs)
    this.#sink.sent()
  }

  receive(segment: Buffer): void {
    if (this.#state === 'head') {
      this.#backlog.add(segment)
      this.#readHead()
    } else if (this.#state === 'body') this.#readBody(segment)
    if (this.#state === 'body' && !this.#paused) this.#upstream!.expectWithin(this.#request.bodyTimeoutMs)
  }

  /** The origin has closed its side. */
  ended(): void {
    if (this.#state === 'body' && this.#framing === 'close') this.#complete(0)
    else this.fail(http1Error('http1.broken-off', 'the origin closed the connection before its answer was whole'))
  }

  /** The origin was silent for too long. */
  expire(): void {
    const { headersTimeoutMs, bodyTimeoutMs } = this.#request
    const [what, ms] = this.#state === 'body' ? ['nothing more', bodyTimeoutMs] : ['no answer', headersTimeoutMs]
    this.fail(http1Error('http1.timeout', `${what} came from the origin within ${ms} ms`))
  }

  fail(error: Error): void {
    if (this.#state === 'over') return
    this.#leave()
    this.#sink.fail(error)
  }

  pause(): void {
    if (this.#paused || this.#state === 'over') return
    this.#paused = true
    if (this.#state !== 'waiting') this.#upstream!.pause()
  }

  resume(): void {
    if (!this.#paused || this.#state === 'over') return
    this.#paused = false
    if (this.#state === 'waiting') return
    const { headersTimeoutMs, bodyTimeoutMs } = this.#request
    this.#upstream!.socket.resume()
    this.#upstream!.expectWithin(this.#state === 'head' ? headersTimeoutMs : bodyTimeoutMs)
  }

  abort(): void {
    if (this.#state !== 'over') this.#leave()
  }

  #readHead(): void {
    while (this.#state === 'head' && this.#backlog.length > 0) {
      const bytes = this.#backlog.view
      const end = this.#search.find(bytes)
      if (end === 'waiting') return
      if (typeof end === 'string') return this.#bad(`its head is ${end === 'too-large' ? 'too large' : end}`)
      const head = readResponseHead(bytes, end, this.#request.method)
      if (typeof head === 'string') return this.#bad(head)
      this.#backlog.take(end)
      if (head.status >= 200) {
        this.#state = 'body'
        this.#keepAliveMs = head.close ? 0 : head.keepAliveMs
        this.#giveBodyBack()
        this.#sink.start(head.status, head.fields)
        return this.#beginBody(head.body)
      }
      if (head.status === 101) return this.#bad('it changes the protocol, which nobody asked for')
      if (++this.#interim > maxInterim) return this.#bad('it hints without end')
    }
  }

  /** Unless the origin answers before it has read all of it: then the kernel still takes from these bytes. */
  #giveBodyBack(): void {
    const { body } = this.#request
    if (body !== null && this.#upstream!.socket.writableLength === 0) giveBack(body)
  }

  #beginBody(body: number | 'chunked' | 'close'): void {
    if (this.#isOver()) return // the sink has aborted
    if (typeof body === 'number') this.#left = body
    else this.#framing = body
    if (body === 'chunked') this.#chunked = new ChunkedReader((piece) => this.#deliver(piece))
    const length = this.#backlog.length
    if (length > 0 || body === 0) this.#readBody(this.#backlog.take(length))
  }

  #readBody(bytes: Buffer): void {
    if (this.#framing === 'close') this.#deliver(bytes)
    else if (this.#chunked === null) this.#readKnown(bytes)
    else {
      const taken = this.#chunked.read(bytes)
      if (this.#chunked.state === 'bad') this.#bad('its chunks are malformed')
      else if (this.#chunked.state === 'done') this.#complete(bytes.length - taken)
    }
  }

  #readKnown(bytes: Buffer): void {
    if (bytes.length > this.#left) return this.#complete(bytes.length - this.#left)
    this.#left -= bytes.length
    this.#deliver(bytes)
    if (this.#left === 0) this.#complete(0)
  }

  #deliver(piece: Buffer): void {
    if (piece.length > 0 && this.#state === 'body') this.#sink.data(piece)
  }

  /** @param surplus bytes behind the end: somebody's idea of where it ends is not ours, so it is nobody's answer */
  #complete(surplus: number): void {
    if (this.#isOver()) return
    if (surplus > 0) return this.#bad('bytes follow its end')
    this.#state = 'over'
    this.#upstream!.release(this.#keepAliveMs)
    this.#sink.end()
  }

  #bad(why: string): void {
    this.fail(http1Error('http1.bad-answer', `the answer of the origin cannot be trusted: ${why}`))
  }

  #isOver(): boolean {
    return this.#state === 'over'
  }

  #leave(): void {
    this.#state = 'over'
    if (this.#upstream === null) this.#host.forget(this)
    else this.#upstream.destroy()
  }
}
