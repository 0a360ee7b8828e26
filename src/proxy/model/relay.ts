import type { IncomingHttpHeaders } from 'node:http'
import type { Transform } from 'node:stream'
import { messageOf } from '../../base/index.ts'
import { apiOf, type Call, type Room, type StepResult } from './call.ts'
import { headersToClient } from './headers.ts'
import type { AnswerSink, Line } from './line.ts'
import { unreachable, unreadable } from './provider-error.ts'
import { cutOff, type Refusal } from './refusal.ts'
import { createStreamReceiver } from './stream-receiver.ts'
import { unpackerFor } from './unpack.ts'
import { createWholeReceiver } from './whole-receiver.ts'

/** Takes the bytes of one answer and gives them to the client. */
export interface Receiver {
  /** @returns false when the client cannot keep up: call again after `onReady` */
  data(chunk: Buffer): boolean
  /** The answer is whole. A refusal means it cannot be shown. */
  end(): Refusal | 'answered'
  /** The answer stops here: the client is told, as far as it can be told. */
  broken(reason: string): void
}

export interface ReceiverPorts {
  call: Call
  room: Room
  headers: Record<string, string | string[]>
  providerHeaders: IncomingHttpHeaders
  /** The client is ready for more. */
  onReady(): void
  /** The client stopped reading for too long. */
  onStuck(): void
}

/**
 * Carries one answer from the line to the client: unpacks it, slows the provider down when the client is slow, and
 * ends both sides when either goes away or an operator cuts the call.
 */
export function relay(call: Call, room: Room, open: (sink: AnswerSink) => Line): Promise<StepResult> {
  return new Promise((resolve) => new Relay(call, room, resolve).run(open))
}

class Relay implements AnswerSink {
  readonly #call: Call
  readonly #room: Room
  readonly #resolve: (result: StepResult) => void
  #line: Line | null = null
  #receiver: Receiver | null = null
  #unpacker: Transform | null = null
  #over = false

  constructor(call: Call, room: Room, resolve: (result: StepResult) => void) {
    this.#call = call
    this.#room = room
    this.#resolve = resolve
  }

  run(open: (sink: AnswerSink) => Line): void {
    const call = this.#call
    this.#line = open(this)
    call.stop = () => {
      const reason = call.cutReason ?? 'the client left'
      this.#breakOff(reason, () => cutOff(reason))
    }
    if (call.gone || call.cutReason !== null) call.stop()
  }

  sent(): void {
    this.#call.sent = true
  }

  start(status: number, headers: IncomingHttpHeaders): void {
    if (this.#over) return
    this.#call.end.providerStatus = status
    if (status >= 300 && status < 400) {
      return this.#finish(unreadable(this.#call, 'the provider sent us elsewhere, and we do not follow'))
    }
    const unpacker = unpackerFor(headers['content-encoding'])
    if (unpacker === 'unknown') {
      return this.#finish(unreadable(this.#call, 'the provider answered in an encoding we cannot read'))
    }
    this.#unpacker = unpacker
    this.#receiver = createReceiver(status, this.#receiverPorts(headers, unpacker !== null))
    unpacker?.on('data', (chunk: Buffer) => this.#deliver(chunk))
    unpacker?.on('end', () => this.#complete())
    unpacker?.on('drain', () => this.#line?.resume())
    const damaged = 'the answer of the provider is damaged'
    unpacker?.on('error', () => this.#breakOff(damaged, () => unreadable(this.#call, damaged)))
  }

  data(chunk: Buffer): void {
    if (this.#over) return
    if (!this.#unpacker) this.#deliver(chunk)
    else if (!this.#unpacker.write(chunk)) this.#line?.pause()
  }

  end(): void {
    if (this.#unpacker) this.#unpacker.end()
    else this.#complete()
  }

  fail(error: Error): void {
    this.#breakOff('the provider broke off', () => unreachable(this.#call, error))
  }

  #receiverPorts(headers: IncomingHttpHeaders, decoded: boolean): ReceiverPorts {
    const stuck = 'the client stopped reading'
    return {
      call: this.#call,
      room: this.#room,
      headers: headersToClient(headers, decoded),
      providerHeaders: headers,
      onReady: () => {
        this.#unpacker?.resume()
        this.#line?.resume()
      },
      onStuck: () => this.#breakOff(stuck, () => cutOff(stuck)),
    }
  }

  #deliver(chunk: Buffer): void {
    if (this.#over || !this.#receiver) return
    try {
      if (this.#receiver.data(chunk)) return
      this.#line?.pause()
      this.#unpacker?.pause()
    } catch (error) {
      this.#breakOff('the answer of the provider is too large', () => unreadable(this.#call, messageOf(error)))
    }
  }

  #complete(): void {
    if (!this.#over && this.#receiver) this.#finish(this.#receiver.end())
  }

  #breakOff(reason: string, refusal: () => Refusal): void {
    if (this.#over) return
    if (!this.#call.reply.headersSent) return this.#finish(refusal())
    this.#call.end.result = reason
    if (!this.#call.gone) this.#receiver?.broken(reason)
    this.#finish('answered')
  }

  #finish(result: Refusal | 'answered'): void {
    if (this.#over) return
    this.#over = true
    this.#call.stop = null
    this.#unpacker?.destroy()
    this.#line?.abort()
    this.#resolve(result)
  }
}

function createReceiver(status: number, ports: ReceiverPorts): Receiver {
  const { call } = ports
  call.turnedAway = status >= 400
  const type = String(ports.providerHeaders['content-type'] ?? '').toLowerCase()
  const streams = status === 200 && call.route!.kind === 'call' && type.startsWith('text/event-stream')
  return streams ? createStreamReceiver(apiOf(call), ports) : createWholeReceiver(apiOf(call), status, ports)
}
