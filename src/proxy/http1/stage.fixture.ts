import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { systemClock } from '../../base/index.ts'
import { Call } from './call.ts'
import { Connection, type Door } from './connection.ts'
import { DateLine } from './date-line.ts'
import type { Exchange, OutgoingRequest } from './index.ts'
import { Sweep } from './sweep.ts'
import type { Upstream } from './upstream.ts'

/** One request as a parser understood it, its body whole. */
export interface Understood {
  method: string
  target: string
  headers: string[]
  body: string
}

/** What became of what a client said. */
export interface Hearing {
  understood: Understood[]
  /** Statuses of what was refused before it became a request. */
  faults: number[]
  /** Requests whose head was accepted and whose body was not. */
  broken: number
  /** What the client got back. */
  said: string
  /** Our side has ended the connection. */
  ended: boolean
}

/** One end of a connection without a network: what is heard is pushed in, what is said is kept. */
export class MemorySocket extends Duplex {
  readonly remoteAddress = '127.0.0.1'
  said = ''

  constructor() {
    super({ allowHalfOpen: false })
  }

  setNoDelay(): this {
    return this
  }

  setTimeout(): this {
    return this
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.said += chunk.toString('latin1')
    done()
  }
}

/** Says these segments to our server, one event each, and answers every request with an empty 200. */
export async function weHear(segments: readonly Buffer[]): Promise<Hearing> {
  const heard: Hearing = { understood: [], faults: [], broken: 0, said: '', ended: false }
  const socket = new MemorySocket()
  const onExchange = (exchange: Exchange): void => {
    void exchange.body(1_000_000).then((body) => {
      if (typeof body === 'string') heard.broken++
      else {
        const { method, target } = exchange
        heard.understood.push({ method, target, headers: [...exchange.headers()], body: body.toString('latin1') })
      }
      exchange.reply.whole(200, {}, '')
    })
  }
  const connection = new Connection(socket as unknown as Socket, doorFor(onExchange))
  socket.on('finish', () => (heard.ended = true))
  await say(socket, segments)
  heard.said = socket.said
  heard.faults = [...socket.said.matchAll(/HTTP\/1\.1 (4\d\d|5\d\d)/g)].map(([, status]) => Number(status))
  connection.destroy()
  return heard
}

/** How a call went: the answer it ended with, or the error. */
export interface Reading {
  status: number
  headers: string[]
  body: string
  outcome: 'end' | 'waiting' | string
  /** The connection may carry another call. */
  reusable: boolean
}

/** Lets an origin answer a call in these segments, one event each. @param hangsUp closes the connection behind them */
export function weRead(segments: readonly Buffer[], method = 'GET', hangsUp = false): Reading {
  const reading: Reading = { status: 0, headers: [], body: '', outcome: 'waiting', reusable: false }
  const upstream = {
    socket: new MemorySocket(),
    expectWithin: () => {},
    destroy: () => {},
    release: (keepAliveMs: number | null) => (reading.reusable = keepAliveMs !== 0),
  }
  const call = new Call({ sweep: new Sweep(systemClock), forget: () => {} }, requestOf(method), '', {
    sent: () => {},
    start: (status, fields) => Object.assign(reading, { status, headers: [...fields.list()] }),
    data: (chunk) => (reading.body += chunk.toString('latin1')),
    end: () => (reading.outcome = 'end'),
    fail: (error) => (reading.outcome = error.message),
  })
  call.begin(upstream as unknown as Upstream)
  for (const segment of segments) if (reading.outcome === 'waiting') call.receive(segment)
  if (hangsUp && reading.outcome === 'waiting') call.ended()
  return reading
}

function requestOf(method: string): OutgoingRequest {
  return { method, path: '/', headers: {}, body: null, headersTimeoutMs: 10_000, bodyTimeoutMs: 10_000 }
}

/** What a connection asks of its server, and nothing more. */
export function doorFor(onExchange: (exchange: Exchange) => void): Door {
  return {
    maxHeadBytes: 32_768,
    headersTimeoutMs: 15_000,
    bodyTimeoutMs: 120_000,
    keepAliveMs: 65_000,
    sweep: new Sweep(systemClock),
    dateLine: new DateLine({ now: () => 0, monotonicMs: () => 0 }),
    closing: false,
    onExchange,
    onTrouble: (error) => {
      throw error
    },
    onClosed: () => {},
  }
}

async function say(socket: MemorySocket, segments: readonly Buffer[]): Promise<void> {
  for (const segment of segments) {
    if (segment.length > 0 && !socket.destroyed) socket.push(segment)
    await settled()
  }
  for (let round = 0; round < 3; round++) await settled()
}

/** Everything that was set off has happened. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** A message cut into pieces at these places. */
export function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b)
  return [0, ...sorted].map((from, index) => bytes.subarray(from, sorted[index]))
}

export function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}
