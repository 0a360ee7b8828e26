import type { Socket } from 'node:net'
import type { Clock, OutboundTls } from '../../base/index.ts'
import type { AnswerSink, Line, OutgoingRequest } from './answer.ts'
import { Call, type CallHost } from './call.ts'
import { http1Error } from './errors.ts'
import { requestHead } from './request-text.ts'
import { Sweep } from './sweep.ts'
import { Upstream, type Origin } from './upstream.ts'

export interface Http1PoolOptions {
  /** `http://host[:port]` or `https://host[:port]`. The certificate is always verified. */
  origin: string
  tls?: {
    /** PEM certificates to trust instead of Node's own list. */
    ca?: string | Buffer | (string | Buffer)[]
    /** Name to ask for and verify, when it is not the origin's host. */
    servername?: string
    /** How all connections of a guard are encrypted and verified; counts before `ca`. */
    outbound?: OutboundTls
  }
  /** Opens the way to the origin, for whoever has judged an address. Left out: to its host and port. */
  dial?: () => Socket
  /** Connections idle for longer are closed, sooner when the origin announces it. Default 20 s. */
  keepAliveMs?: number
  /** Default 10 s, the TLS handshake included. */
  connectTimeoutMs?: number
  /** Further calls wait in line. Default: no bound. */
  maxConnections?: number
}

export interface Http1PoolPorts {
  clock: Clock
}

export interface Http1Pool {
  /**
   * Opens a call. The request is written once, never again on another connection: nobody can know whether an origin
   * that hung up had read it.
   */
  send(request: OutgoingRequest, sink: AnswerSink): Line
  /** Connections there are now, idle ones included. */
  readonly connections: number
  /** Ends idle connections at once, and fails what is under way with `http1.closed`. Again is harmless. */
  close(): void
}

/** @throws HardshellError `http1.bad-origin` */
export function createHttp1Pool(options: Http1PoolOptions, ports: Http1PoolPorts): Http1Pool {
  return new Connections(options, ports)
}

class Connections implements Http1Pool, Origin, CallHost {
  readonly secure: boolean
  readonly host: string
  readonly port: number
  readonly tls: Origin['tls']
  readonly dial: Origin['dial']
  readonly keepAliveMs: number
  readonly connectTimeoutMs: number
  readonly sweep: Sweep

  readonly #authority: string
  readonly #maxConnections: number
  readonly #open = new Set<Upstream>()
  /** The last one used is used first: the others may grow old and be closed. */
  readonly #idle: Upstream[] = []
  readonly #waiting = new Set<Call>()
  #closed = false

  constructor(options: Http1PoolOptions, { clock }: Http1PoolPorts) {
    const url = originOf(options.origin)
    this.secure = url.protocol === 'https:'
    this.host = url.hostname.replace(/^\[(.*)\]$/, '$1')
    this.port = url.port === '' ? (this.secure ? 443 : 80) : Number(url.port)
    this.tls = options.tls ?? {}
    this.dial = options.dial ?? null
    this.keepAliveMs = options.keepAliveMs ?? 20_000
    this.connectTimeoutMs = options.connectTimeoutMs ?? 10_000
    this.sweep = new Sweep(clock)
    this.#authority = url.host
    this.#maxConnections = options.maxConnections ?? Infinity
  }

  get connections(): number {
    return this.#open.size
  }

  send(request: OutgoingRequest, sink: AnswerSink): Line {
    let head = ''
    let problem = this.#closed ? closed() : null
    try {
      head = requestHead(request, this.#authority)
    } catch (error) {
      problem = error as Error
    }
    const call = new Call(this, request, head, sink)
    if (problem !== null) process.nextTick(() => call.fail(problem))
    else this.#place(call)
    return call
  }

  close(): void {
    this.#closed = true
    for (const call of this.#waiting) call.fail(closed())
    for (const upstream of this.#open) upstream.breakOff(closed())
  }

  forget(call: Call): void {
    this.#waiting.delete(call)
    this.sweep.delete(call)
  }

  onFree(upstream: Upstream): void {
    const next = this.#nextWaiting()
    if (next) upstream.carry(next)
    else this.#idle.push(upstream)
  }

  onClosed(upstream: Upstream): void {
    this.#open.delete(upstream)
    const at = this.#idle.indexOf(upstream)
    if (at >= 0) this.#idle.splice(at, 1)
    const next = this.#closed ? null : this.#nextWaiting()
    if (next) this.#connect(next)
  }

  #place(call: Call): void {
    for (let upstream = this.#idle.pop(); upstream; upstream = this.#idle.pop()) {
      if (upstream.usable) return upstream.carry(call)
      upstream.destroy()
    }
    if (this.#open.size < this.#maxConnections) return this.#connect(call)
    this.#waiting.add(call)
    this.sweep.add(call)
    call.wait()
  }

  #connect(call: Call): void {
    this.#open.add(new Upstream(this, call))
  }

  #nextWaiting(): Call | null {
    for (const call of this.#waiting) {
      this.forget(call)
      return call
    }
    return null
  }
}

function originOf(origin: string): URL {
  const url = URL.parse(origin)
  const whole = url !== null && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === ''
  if (whole && url.hash === '' && url.username === '' && url.password === '') return url
  // Not quoted: what is wrong with it may be that it carries a password.
  const hint = 'write https://HOST or https://HOST:PORT, without a path or a user'
  throw http1Error('http1.bad-origin', 'the address of an origin is not one', { hint })
}

function closed(): Error {
  return http1Error('http1.closed', 'the pool of connections is closed')
}
