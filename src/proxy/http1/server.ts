import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { formatListen, type Clock, type Listen } from '../../base/index.ts'
import { Connection, noAnswer, type ConnectionState, type Door } from './connection.ts'
import { DateLine } from './date-line.ts'
import { http1Error } from './errors.ts'
import type { Exchange } from './exchange.ts'
import { Sweep } from './sweep.ts'

export interface Http1ServerOptions {
  /** Default 32 KiB. Beyond it: 431. */
  maxHeadBytes?: number
  /** From the connection's (or the next request's) first moment to the end of its head. Default 15 s. */
  headersTimeoutMs?: number
  /** From the head to the end of the body; and for a client to take the end of an answer. Default 120 s. */
  bodyTimeoutMs?: number
  /** How long a connection may rest between two requests. Default 65 s. */
  keepAliveMs?: number
  /**
   * Default 1,024. When the door is full, the connection that has been silent for longest since it came makes room,
   * then the oldest that rests between requests, then the oldest that does not take its answer; when all are busy,
   * whoever comes is told 503.
   */
  maxConnections?: number
  /** Of one remote address. Default: as many as there may be. */
  maxConnectionsPerAddress?: number
}

export interface Http1ServerPorts {
  clock: Clock
  /** What `onExchange` threw; its connection has been destroyed. */
  onTrouble?(error: unknown): void
}

export interface Http1Server {
  /**
   * @returns the address it really listens on
   * @throws HardshellError `http1.listen-failed`
   */
  listen(listen: Listen): Promise<Listen>
  /** Serves a connection somebody else accepted, inside TLS for example. */
  serve(socket: Socket): void
  /** Connections there are now, resting ones included. */
  readonly connections: number
  /** Closes the connections on which nothing is under way. */
  closeIdle(): void
  /**
   * Stops listening, closes idle connections, lets exchanges finish for so long, then destroys what is left.
   * Resolves when no connection is left; again is harmless.
   */
  close(graceMs?: number): Promise<void>
}

/**
 * A server that reads requests strictly. @param onExchange called once per well-formed request, when its head is
 * whole; it answers through `exchange.reply`, now or later
 */
export function createHttp1Server(
  options: Http1ServerOptions,
  onExchange: (exchange: Exchange) => void,
  ports: Http1ServerPorts,
): Http1Server {
  return new Guarded(options, onExchange, ports)
}

class Guarded implements Http1Server, Door {
  readonly maxHeadBytes: number
  readonly headersTimeoutMs: number
  readonly bodyTimeoutMs: number
  readonly keepAliveMs: number
  readonly sweep: Sweep
  readonly dateLine: DateLine
  readonly onExchange: (exchange: Exchange) => void
  closing = false

  readonly #maxConnections: number
  readonly #maxPerAddress: number
  readonly #ports: Http1ServerPorts
  readonly #server: Server
  /** Oldest first. */
  readonly #connections = new Set<Connection>()
  #closed: Promise<void> | null = null
  #onEmpty: (() => void) | null = null

  constructor(options: Http1ServerOptions, onExchange: (exchange: Exchange) => void, ports: Http1ServerPorts) {
    this.maxHeadBytes = options.maxHeadBytes ?? 32_768
    this.headersTimeoutMs = options.headersTimeoutMs ?? 15_000
    this.bodyTimeoutMs = options.bodyTimeoutMs ?? 120_000
    this.keepAliveMs = options.keepAliveMs ?? 65_000
    this.#maxConnections = options.maxConnections ?? 1_024
    this.#maxPerAddress = options.maxConnectionsPerAddress ?? Infinity
    this.sweep = new Sweep(ports.clock)
    this.dateLine = new DateLine(ports.clock)
    this.onExchange = onExchange
    this.#ports = ports
    this.#server = createServer((socket) => this.#meet(socket))
  }

  get connections(): number {
    return this.#connections.size
  }

  async listen({ host, port }: Listen): Promise<Listen> {
    const server = this.#server
    await new Promise<void>((resolve, reject) => {
      const fail = (cause: Error): void => {
        const message = `cannot listen on ${formatListen({ host, port })}: ${cause.message}`
        const hint = 'another program may hold the port: choose another `listen` address'
        reject(http1Error('http1.listen-failed', message, { hint, cause }))
      }
      server.once('error', fail)
      server.listen({ host, port, backlog: acceptBacklog }, () => {
        server.off('error', fail)
        server.on('error', (error) => this.onTrouble(error)) // accepting failed: the next may not
        resolve()
      })
    })
    const { address, port: chosen } = server.address() as AddressInfo
    return { host: address, port: chosen }
  }

  serve(socket: Socket): void {
    this.#meet(socket)
  }

  closeIdle(): void {
    for (const connection of this.#connections) if (isIdle(connection)) connection.destroy()
  }

  close(graceMs = 0): Promise<void> {
    this.#closed ??= this.#shutDown(graceMs)
    return this.#closed
  }

  onTrouble(error: unknown): void {
    this.#ports.onTrouble?.(error)
  }

  onClosed(connection: Connection): void {
    this.#connections.delete(connection)
    if (this.#connections.size === 0) this.#onEmpty?.()
  }

  #meet(socket: Socket): void {
    const address = socket.remoteAddress
    if (socket.destroyed || address === undefined) return void socket.destroy()
    if (this.#isFull(address) && !this.#makeRoom(address)) return turnAway(socket, this.dateLine)
    this.#connections.add(new Connection(socket, this))
  }

  #isFull(address: string): boolean {
    if (this.#connections.size >= this.#maxConnections) return true
    if (this.#maxPerAddress === Infinity) return false
    let count = 0
    for (const { peer } of this.#connections) if (peer === address) count++
    return count >= this.#maxPerAddress
  }

  /** Whoever waits to be heard matters less than whoever comes: otherwise silence would close the door. */
  #makeRoom(address: string): boolean {
    const ofOne = this.#connections.size < this.#maxConnections
    let [least, leastWorth] = [null as Connection | null, worth.busy]
    for (const connection of this.#connections) {
      if ((ofOne && connection.peer !== address) || worth[connection.state] >= leastWorth) continue
      least = connection
      leastWorth = worth[connection.state]
      if (leastWorth === 0) break
    }
    return least !== null && this.#drop(least)
  }

  #drop(connection: Connection): true {
    this.#connections.delete(connection) // its close event comes a little later than whoever takes its place
    connection.destroy()
    return true
  }

  async #shutDown(graceMs: number): Promise<void> {
    this.closing = true
    const stopped = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.closeIdle()
    const empty = new Promise<void>((resolve) => (this.#onEmpty = resolve))
    if (this.#connections.size > 0) await within(graceMs, empty)
    for (const connection of this.#connections) connection.destroy()
    if (this.#connections.size > 0) await empty
    await stopped
  }
}

// The kernel cuts it to net.core.somaxconn; Node's default of 511 is less than what a burst of agents opens at once.
const acceptBacklog = 4_096

/** Who goes first when the door is full; of equals, whoever came first. Whoever is busy stays. */
const worth: Readonly<Record<ConnectionState, number>> = {
  closed: 0,
  fresh: 0,
  lingering: 0,
  resting: 1,
  flushing: 2,
  busy: 3,
}

function isIdle({ state }: Connection): boolean {
  return state === 'fresh' || state === 'resting'
}

function turnAway(socket: Socket, dateLine: DateLine): void {
  socket.on('error', () => socket.destroy())
  socket.end(noAnswer(503, dateLine), 'latin1', () => socket.destroy())
}

/** Resolves when the promise does, or after so long. */
async function within(ms: number, promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)))
  await Promise.race([promise, late])
  clearTimeout(timer)
}
