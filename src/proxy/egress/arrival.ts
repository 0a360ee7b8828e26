import type { Socket } from 'node:net'
import { HeadSearch } from '../http1/head-end.ts'
import type { Member, Members } from '../http1/members.ts'
import { refusal, type Verdict } from './passage.ts'
import { Patience } from './patience.ts'
import type { Surroundings } from './surroundings.ts'

/** Who is told what came: of each arrival one of them, once. The client goes on flowing: who keeps it pauses it. */
export interface ArrivalEvents {
  /** @param length of the head of a CONNECT in `bytes`; `null`: this is no CONNECT */
  onHead(arrival: Arrival, bytes: Buffer, length: number | null): void
  onBadHead(arrival: Arrival, verdict: Verdict): void
}

// Twice what a browser with a large cookie sends; Node's own limit for plain requests is set to the same.
export const maxHeadBytes = 16_384

/** A connection that has not yet said what it wants, and has only so long to say it. */
export class Arrival implements Member {
  before: Member | null = null
  after: Member | null = null
  readonly client: Socket
  /** Whoever goes on with the client goes on with it, or ends it. */
  readonly patience: Patience

  readonly #all: Members<Arrival>
  readonly #search = new HeadSearch(maxHeadBytes)
  readonly #asked: ArrivalEvents
  #bytes: Buffer = nothing

  constructor(client: Socket, around: Surroundings, all: Members<Arrival>, asked: ArrivalEvents) {
    this.client = client
    this.#all = all
    this.#asked = asked
    this.patience = new Patience(around.sweep)
    this.patience.wait(around.limits.openingTimeoutMs, () => this.#refuse(408, 'no whole request within the time for it'))
    client.on('data', this.#take)
    client.on('end', this.#gone)
    client.on('close', this.#gone)
  }

  leave(): void {
    this.patience.rest()
    this.#all.delete(this)
    this.client.off('data', this.#take).off('end', this.#gone).off('close', this.#gone)
  }

  readonly #take = (chunk: Buffer): void => {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk])
    const bytes = this.#bytes
    const begins = bytes.toString('latin1', 0, connectWord.length)
    if (!connectWord.startsWith(begins)) return this.#finish(null)
    if (begins.length < connectWord.length) return
    const end = this.#search.find(bytes)
    if (end === 'waiting') return
    if (typeof end === 'number') return this.#finish(end)
    this.#refuse(end === 'too-large' ? 431 : 400, end === 'too-large' ? 'the head of the request is too large' : 'the head of the request cannot be read')
  }

  readonly #gone = (): void => {
    this.leave()
    this.patience.end()
    this.client.destroy()
  }

  #finish(length: number | null): void {
    this.leave()
    this.#asked.onHead(this, this.#bytes, length)
  }

  #refuse(status: number, why: string): void {
    this.leave()
    this.#asked.onBadHead(this, refusal(status, 'egress.bad-request-head', why))
  }
}

const connectWord = 'CONNECT '
const nothing = Buffer.alloc(0)
