import type { Exchange } from './exchange.ts'
import type { Fields } from './fields.ts'
import { IncomingBody, type MayKeep, type ReadBody } from './incoming-body.ts'
import { HttpReply, type ReplyHost } from './reply.ts'
import type { RequestHead } from './request-head.ts'

/** What an exchange asks of the connection its request came in on. */
export interface ExchangeHost extends ReplyHost {
  readonly peer: string
  /** The body is wanted: tell a client that waits for it, and read on when reading had stopped. */
  askForBody(tellClient: boolean): void
}

/** One request as it came in on a connection. */
export class HttpExchange implements Exchange {
  readonly method: string
  readonly target: string
  readonly peer: string
  readonly fields: Fields
  readonly reply: HttpReply
  readonly incoming: IncomingBody

  readonly #host: ExchangeHost
  #waits: boolean

  constructor(host: ExchangeHost, head: RequestHead) {
    this.#host = host
    this.method = head.method
    this.target = head.target
    this.peer = host.peer
    this.fields = head.fields
    this.reply = new HttpReply(host, head.method)
    this.incoming = new IncomingBody(head.body)
    this.#waits = head.waits
  }

  get complete(): boolean {
    return this.incoming.state === 'whole'
  }

  header(name: string): string | undefined {
    return this.fields.get(name)
  }

  headers(): readonly string[] {
    return this.fields.list()
  }

  bodyIfWhole(maxBytes: number): Buffer | null {
    return this.incoming.ifWhole(maxBytes)
  }

  body(maxBytes: number, mayKeep?: MayKeep): Promise<ReadBody> {
    const body = this.incoming.read(maxBytes, mayKeep)
    if (this.incoming.wanted) {
      this.#host.askForBody(this.#waits)
      this.#waits = false
    }
    return body
  }
}
