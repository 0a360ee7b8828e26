import type { Socket } from 'node:net'
import { Backlog } from './backlog.ts'
import type { DateLine } from './date-line.ts'
import type { Exchange } from './exchange.ts'
import { HeadSearch } from './head-end.ts'
import { statusLine } from './head-text.ts'
import { HttpExchange, type ExchangeHost } from './http-exchange.ts'
import { Outbox } from './outbox.ts'
import { isFault, readRequestHead } from './request-head.ts'
import type { Deadlined, Sweep } from './sweep.ts'

/** What all connections of a server have in common. */
export interface Door {
  readonly maxHeadBytes: number
  readonly headersTimeoutMs: number
  readonly bodyTimeoutMs: number
  readonly keepAliveMs: number
  readonly sweep: Sweep
  readonly dateLine: DateLine
  /** The server is on its way out: every answer is the last of its connection. */
  closing: boolean
  onExchange(exchange: Exchange): void
  onTrouble(error: unknown): void
  onClosed(connection: Connection): void
}

/**
 * `fresh`: has never said a whole head. `resting`: between two requests. `busy`: an exchange is under way. `flushing`:
 * answered, and the client has yet to take the answer. `lingering`: said all, waiting for the client to hang up.
 */
export type ConnectionState = 'fresh' | 'resting' | 'busy' | 'flushing' | 'lingering' | 'closed'

// What a client may send ahead while its request is being answered; then it has to wait.
const maxAheadBytes = 65_536
// A client that is told no while it still sends must be able to read the no: a reset would take it away.
const lingerMs = 2_000

/**
 * One client. Requests sent ahead (pipelining) are answered in order, one at a time: the next is not looked at before
 * the answer is complete.
 */
export class Connection implements ExchangeHost, Deadlined {
  readonly peer: string
  readonly outbox: Outbox
  state: ConnectionState = 'fresh'
  deadlineAt = Infinity

  readonly #socket: Socket
  readonly #door: Door
  readonly #search: HeadSearch
  readonly #backlog = new Backlog()
  #current: HttpExchange | null = null
  #closeAfter = false
  #advancing = false

  constructor(socket: Socket, door: Door) {
    this.#socket = socket
    this.#door = door
    this.#search = new HeadSearch(door.maxHeadBytes)
    this.peer = socket.remoteAddress ?? 'unknown'
    this.outbox = new Outbox(socket, () => this.#drained())
    socket.setNoDelay(true)
    socket.on('data', (segment: Buffer) => this.#receive(segment))
    socket.on('end', () => this.#hungUp())
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#closed())
    door.sweep.add(this)
    this.deadlineAt = door.sweep.after(door.headersTimeoutMs)
  }

  get dateLine(): string {
    return this.#door.dateLine.text
  }

  persistence(): string {
    const current = this.#current
    if (current && !current.complete) {
      current.incoming.drop()
      this.#closeAfter = true
      this.#socket.resume()
    }
    this.#closeAfter ||= this.#door.closing
    if (this.#closeAfter) return 'connection: close\r\n\r\n'
    return `connection: keep-alive\r\nkeep-alive: timeout=${Math.ceil(this.#door.keepAliveMs / 1000)}\r\n\r\n`
  }

  answered(): void {
    this.#current = null
    if (this.#closeAfter) return this.#linger()
    if (this.#socket.isPaused()) this.#socket.resume()
    if (this.outbox.hasRoom()) return this.#rest()
    this.state = 'flushing'
    this.deadlineAt = this.#door.sweep.after(this.#door.bodyTimeoutMs)
  }

  askForBody(tellClient: boolean): void {
    if (tellClient) this.#socket.write('HTTP/1.1 100 Continue\r\n\r\n', 'latin1')
    this.#socket.resume()
  }

  destroy(): void {
    this.outbox.flush()
    this.#socket.destroy()
  }

  expire(): void {
    this.deadlineAt = Infinity
    if (this.state === 'busy') this.#current?.incoming.breakOff()
    else if (this.#backlog.length > 0 && (this.state === 'fresh' || this.state === 'resting')) this.#turnAway(408)
    else this.#socket.destroy()
  }

  #receive(segment: Buffer): void {
    if (this.state === 'lingering') return
    const body = this.#current?.incoming
    if (body && body.state === 'arriving') {
      const { length } = segment
      const taken = this.#takeBody(segment)
      if (taken === length) return
      segment = segment.subarray(taken)
    }
    if (segment.length === 0 || (body?.state === 'broken' && this.#current)) return
    if (this.state === 'resting' && this.#backlog.length === 0) {
      this.deadlineAt = this.#door.sweep.after(this.#door.headersTimeoutMs)
    }
    this.#backlog.add(segment)
    if (this.#current !== null || this.state === 'flushing') {
      if (this.#backlog.length > maxAheadBytes) this.#socket.pause()
    } else this.#advance()
  }

  /** @returns how many of these bytes were body */
  #takeBody(segment: Buffer): number {
    const body = this.#current!.incoming
    const taken = body.take(segment)
    if (body.state !== 'arriving') this.deadlineAt = Infinity
    if (!body.wanted && body.keptBytes > maxAheadBytes) this.#socket.pause()
    return taken
  }

  /** Reads requests until one is not answered at once, or nothing whole is left. */
  #advance(): void {
    if (this.#advancing) return
    this.#advancing = true
    while (this.#current === null && this.#backlog.length > 0 && (this.state === 'fresh' || this.state === 'resting')) {
      if (!this.#readHead()) break
    }
    this.#advancing = false
  }

  #readHead(): boolean {
    const bytes = this.#backlog.view
    const end = this.#search.find(bytes)
    if (end === 'waiting') return false
    if (typeof end === 'string') return this.#turnAway(end === 'too-large' ? 431 : 400)
    const head = readRequestHead(bytes, end)
    if (isFault(head)) return this.#turnAway(head.status)
    this.#backlog.take(end)
    this.#closeAfter = head.close
    const exchange = new HttpExchange(this, head)
    this.#current = exchange
    this.state = 'busy'
    this.deadlineAt = Infinity
    if (!exchange.complete) this.#beginBody(exchange)
    try {
      this.#door.onExchange(exchange)
    } catch (error) {
      this.#door.onTrouble(error)
      this.#socket.destroy()
    }
    return true
  }

  #beginBody({ incoming }: HttpExchange): void {
    if (this.#backlog.length > 0) this.#backlog.take(this.#takeBody(this.#backlog.view))
    if (incoming.state === 'arriving') this.deadlineAt = this.#door.sweep.after(this.#door.bodyTimeoutMs)
  }

  #rest(): void {
    const { sweep, headersTimeoutMs, keepAliveMs } = this.#door
    this.state = 'resting'
    this.deadlineAt = sweep.after(this.#backlog.length > 0 ? headersTimeoutMs : keepAliveMs)
    if (this.#backlog.length > 0) this.#advance()
  }

  #turnAway(status: number): false {
    this.#socket.write(noAnswer(status, this.#door.dateLine), 'latin1')
    this.#linger()
    return false
  }

  #linger(): void {
    this.state = 'lingering'
    this.#backlog.clear()
    this.deadlineAt = this.#door.sweep.after(this.#door.bodyTimeoutMs)
    this.#socket.resume()
    // Only when the client has been sent everything is it waited for no longer than it takes to hang up.
    this.#socket.end(() => {
      if (this.state === 'lingering') this.deadlineAt = this.#door.sweep.after(lingerMs)
    })
  }

  #drained(): void {
    if (this.state === 'flushing') this.#rest()
    else this.#current?.reply.drained()
  }

  #hungUp(): void {
    if (this.#current !== null || this.#socket.writableLength === 0) this.#socket.destroy()
  }

  #closed(): void {
    this.state = 'closed'
    this.#door.sweep.delete(this)
    const current = this.#current
    this.#current = null
    current?.incoming.breakOff()
    current?.reply.leave()
    this.#door.onClosed(this)
  }
}

/** What somebody is told whose words never became a request. */
export function noAnswer(status: number, dateLine: DateLine): string {
  return `${statusLine(status)}${dateLine.text}connection: close\r\ncontent-length: 0\r\n\r\n`
}
