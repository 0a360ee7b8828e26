import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import { explainTlsFailure, type OutboundTls } from '../../base/index.ts'
import type { Call } from './call.ts'
import { http1Error } from './errors.ts'
import type { Deadlined, Sweep } from './sweep.ts'

/** Where the connections of a pool lead, and what becomes of them. */
export interface Origin {
  readonly secure: boolean
  readonly host: string
  readonly port: number
  readonly tls: Pick<ConnectionOptions, 'ca' | 'servername'> & { outbound?: OutboundTls }
  readonly dial: (() => Socket) | null
  readonly keepAliveMs: number
  readonly connectTimeoutMs: number
  readonly sweep: Sweep
  /** The connection is free for the next call. */
  onFree(upstream: Upstream): void
  onClosed(upstream: Upstream): void
}

// An origin that closes idle connections after 5 s may do so while a request is on its way: be first.
const closingEarlyMs = 1_000

/** One connection to the origin: being made, carrying one call, or idle. */
export class Upstream implements Deadlined {
  deadlineAt: number
  readonly socket: Socket

  readonly #origin: Origin
  #call: Call | null
  #connected = false
  #gone = false

  /** @param call the one it is made for: written as soon as the connection stands */
  constructor(origin: Origin, call: Call) {
    this.#origin = origin
    this.#call = call
    this.socket = open(origin, (segment) => this.#receive(segment))
    this.socket.setNoDelay(true)
    this.socket.on(origin.secure ? 'secureConnect' : 'connect', () => this.#established())
    this.socket.on('end', () => this.#ended())
    this.socket.on('error', (cause) => this.#failed(cause))
    this.socket.on('close', () => this.#ended())
    origin.sweep.add(this)
    this.deadlineAt = origin.sweep.after(origin.connectTimeoutMs)
    call.attach(this)
  }

  /** False when the origin has closed it. */
  get usable(): boolean {
    return !this.#gone && this.socket.writable && !this.socket.readableEnded
  }

  /** Carries a call over this idle connection. */
  carry(call: Call): void {
    this.#call = call
    call.begin(this)
  }

  /** The call in hand is to hear from the origin within so long. */
  expectWithin(ms: number): void {
    this.deadlineAt = this.#origin.sweep.after(ms)
  }

  /** Stops reading; a silence is now ours, and not counted. */
  pause(): void {
    this.socket.pause()
    this.deadlineAt = Infinity
  }

  /** The call is over. @param keepAliveMs how long the origin keeps the connection; `null`: unknown, 0: not at all */
  release(keepAliveMs: number | null): void {
    this.#call = null
    const { keepAliveMs: ownMs, sweep } = this.#origin
    const keptMs = keepAliveMs === null ? ownMs : Math.min(ownMs, keepAliveMs - closingEarlyMs)
    // A request that was answered before it was written whole: the rest of it would begin the next one.
    const halfWritten = this.socket.writableLength > 0
    if (keptMs <= 0 || halfWritten || !this.usable) return this.destroy()
    if (this.socket.isPaused()) this.socket.resume()
    this.deadlineAt = sweep.after(keptMs)
    this.#origin.onFree(this)
  }

  destroy(): void {
    this.#call = null
    this.socket.destroy()
    if (this.#gone) return
    this.#gone = true
    this.#origin.sweep.delete(this)
    this.#origin.onClosed(this)
  }

  /** Ends the connection, and the call on it with this error. */
  breakOff(error: Error): void {
    const call = this.#call
    this.destroy()
    call?.fail(error)
  }

  expire(): void {
    if (this.#connected && this.#call !== null) return this.#call.expire()
    const { connectTimeoutMs } = this.#origin
    this.breakOff(http1Error('http1.timeout', `no connection to the origin within ${connectTimeoutMs} ms`))
  }

  #established(): void {
    this.#connected = true
    this.#call?.begin(this)
  }

  #receive(segment: Buffer): void {
    // An answer to nothing: whatever it is, the next call must not get it.
    if (this.#call === null || !this.#connected) return this.destroy()
    try {
      this.#call.receive(segment)
    } catch (error) {
      this.breakOff(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #ended(): void {
    const call = this.#call
    if (call === null) return this.destroy()
    if (this.#connected) call.ended()
    else this.breakOff(http1Error('http1.connect-failed', 'the origin closed the connection before it stood'))
  }

  #failed(cause: Error): void {
    const [code, what] = this.#connected
      ? (['http1.broken-off', 'the connection to the origin broke'] as const)
      : (['http1.connect-failed', 'the origin cannot be reached'] as const)
    const explained = explainTlsFailure(cause)
    const more = explained ? { cause, hint: explained.hint } : { cause }
    this.breakOff(http1Error(code, `${what}: ${explained?.reason ?? cause.message}`, more))
  }
}

// All plain connections read into it, one after the other: a buffer of its own for each read, of which a hundredth is
// used, is more to clean away than the rest of a call. No segment is larger with Node's own buffers.
const inbox = Buffer.allocUnsafeSlow(65_536)

function open(origin: Origin, onSegment: (segment: Buffer) => void): Socket {
  if (!origin.secure && !origin.dial) return openPlain(origin, onSegment)
  return openOther(origin).on('data', onSegment)
}

/** @param onSegment what it is given is its own */
function openPlain({ host, port }: Origin, onSegment: (segment: Buffer) => void): Socket {
  const callback = (length: number): true => {
    onSegment(Buffer.from(inbox.subarray(0, length)))
    return true
  }
  return connectPlain({ host, port, onread: { buffer: inbox, callback } })
}

function openOther({ secure, host, port, tls: { outbound, ...tls }, dial }: Origin): Socket {
  if (!secure) return dial!()
  // Said aloud because NODE_TLS_REJECT_UNAUTHORIZED would switch verification off where nothing is said.
  const always = outbound ? outbound.options() : ({ rejectUnauthorized: true, minVersion: 'TLSv1.2' } as const)
  const way = dial ? { socket: dial() } : {}
  // Node sends a server name only when told to; behind a CDN nobody answers without one.
  const name = isIP(host) === 0 ? { servername: host } : {}
  return connectTls({ ...name, ...tls, host, port, ...way, ALPNProtocols: ['http/1.1'], ...always })
}
