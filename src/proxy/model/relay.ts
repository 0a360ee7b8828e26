// long: one answer from its first byte to its end, whichever side ends it
import type { Transform } from 'node:stream'
import { entryOf } from '../close.ts'
import type { FlatFields } from '../http1/index.ts'
import { apiOf, type Call, type Room, type StepResult } from './call.ts'
import { headersToClient } from './headers.ts'
import { HeldReply } from './held-reply.ts'
import type { AnswerSink, Line, ReceivedFields } from './line.ts'
import type { TextFinding } from './ports.ts'
import { unreachable, unreadable } from './provider-error.ts'
import { unwritable } from './record.ts'
import { cutOff, decided, type Refusal } from './refusal.ts'
import { createStreamReceiver } from './stream-receiver.ts'
import { unpackerFor } from './unpack.ts'
import { createWholeReceiver } from './whole-receiver.ts'

/** Takes the bytes of one answer and gives them to the client. */
export interface Receiver {
  /** @returns false when the client cannot keep up: call again after `onReady` */
  data(chunk: Buffer): boolean
  /** The answer is whole. A refusal means it cannot be shown. */
  end(): Refusal | 'answered' | Promise<Refusal | 'answered'>
  /** The answer stops here: the client is told, as far as it can be told. */
  broken(reason: string): void
}

export interface ReceiverPorts {
  call: Call
  room: Room
  /** Those of the provider's that go on to the client. */
  headers: FlatFields
  providerHeaders: ReceivedFields
  /** The client is ready for more. */
  onReady(): void
  /** The call has ended otherwise: nothing is to be shown any more. */
  isOver(): boolean
  /** Something was found in the answer that ends it. */
  onCut(cut: NonNullable<TextFinding['cut']>): void
}

/**
 * Carries one answer from the line to the client: unpacks it, slows the provider down when the client is slow, and
 * ends both sides when either goes away or an operator cuts the call. Tells `room.finished` when it is over.
 */
export function relay(call: Call, room: Room, open: (sink: AnswerSink) => Line): StepResult {
  new Relay(call, room).run(open)
  return 'sent'
}

class Relay implements AnswerSink {
  readonly #call: Call
  readonly #room: Room
  #line: Line | null = null
  #receiver: Receiver | null = null
  #unpacker: Transform | null = null
  /** Keeps the answer from the client until the decision is durable; `null`: it is. */
  #held: HeldReply | null = null
  #stuck: NodeJS.Timeout | undefined
  /** The answer has come to its end, and waits to be shown. */
  #isWhole = false
  #over = false

  constructor(call: Call, room: Room) {
    this.#call = call
    this.#room = room
  }

  run(open: (sink: AnswerSink) => Line): void {
    const call = this.#call
    call.stop = () => {
      const reason = call.cutReason ?? 'the client left'
      this.#breakOff(reason, () => cutOff(reason))
    }
    if (call.gone || call.cutReason !== null) return call.stop()
    this.#line = open(this)
  }

  sent(): void {
    this.#call.sent = true
  }

  start(status: number, fields: ReceivedFields): void {
    if (this.#over) return
    this.#call.end.providerStatus = status
    if (!this.#call.recorded!.isDurable) this.#hold()
    this.#begin(status, fields)
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

  /** The answer is looked through while the disk takes the decision, and shown after. */
  #hold(): void {
    const held = new HeldReply(this.#call.reply)
    this.#held = held
    this.#call.reply = held
    this.#call.recorded!.durable().then(() => this.#show(held), (error: unknown) => this.#lost(error))
  }

  /** The decision is on the disk. */
  #show(held: HeldReply): void {
    if (this.#over) return
    try {
      const hasRoom = held.release()
      this.#held = null
      if (this.#isWhole) this.#finish('answered')
      else if (!hasRoom) this.#watchClient()
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Forgets what was to be shown. */
  #dropHeld(): void {
    if (!this.#held) return
    this.#call.reply = this.#held.forget()
    this.#call.end.bytesOut = 0
    this.#held = null
  }

  /** The provider has the request, and there is no record of it: nothing that comes of it is shown. */
  #lost(error: unknown): void {
    if (this.#over) return
    this.#room.ports.onTrouble?.(error)
    this.#call.end.result = 'the decision could not be brought to the disk'
    this.#finish(unwritable())
  }

  #begin(status: number, fields: ReceivedFields): void {
    if (status >= 300 && status < 400) {
      return this.#finish(unreadable(this.#call, 'the provider sent us elsewhere, and we do not follow'))
    }
    const unpacker = unpackerFor(fields.get('content-encoding'))
    if (unpacker === 'unknown') {
      return this.#finish(unreadable(this.#call, 'the provider answered in an encoding we cannot read'))
    }
    try {
      this.#receiver = createReceiver(status, this.#receiverPorts(fields, unpacker !== null))
      if (unpacker) this.#unpackBy(unpacker)
    } catch (error) {
      this.#fail(error)
    }
  }

  #unpackBy(unpacker: Transform): void {
    this.#unpacker = unpacker
    unpacker.on('data', (chunk: Buffer) => this.#deliver(chunk))
    unpacker.on('end', () => this.#complete())
    unpacker.on('drain', () => this.#line?.resume())
    const damaged = 'the answer of the provider is damaged'
    unpacker.on('error', () => this.#breakOff(damaged, () => unreadable(this.#call, damaged)))
  }

  #receiverPorts(fields: ReceivedFields, decoded: boolean): ReceiverPorts {
    return {
      call: this.#call,
      room: this.#room,
      headers: headersToClient(fields, decoded),
      providerHeaders: fields,
      onReady: () => {
        clearTimeout(this.#stuck)
        this.#unpacker?.resume()
        this.#line?.resume()
      },
      isOver: () => this.#over,
      onCut: (cut) => this.#cut(cut),
    }
  }

  #deliver(chunk: Buffer): void {
    if (this.#over || !this.#receiver) return
    try {
      if (this.#receiver.data(chunk) || this.#over) return
      this.#line?.pause()
      this.#unpacker?.pause()
      if (!this.#held) this.#watchClient()
    } catch (error) {
      if (error instanceof RangeError) {
        return this.#breakOff('the answer of the provider is too large', () => unreadable(this.#call, error.message))
      }
      this.#fail(error)
    }
  }

  #watchClient(): void {
    clearTimeout(this.#stuck)
    this.#stuck = setTimeout(() => this.#giveUpOnClient(), this.#room.options.idleStreamTimeoutMs)
  }

  #giveUpOnClient(): void {
    const reason = 'the client stopped reading'
    this.#breakOff(reason, () => cutOff(reason))
  }

  #complete(): void {
    if (this.#over || !this.#receiver) return
    try {
      const result = this.#receiver.end()
      if (result instanceof Promise) result.then((later) => this.#completed(later), (error: unknown) => this.#fail(error))
      else this.#completed(result)
    } catch (error) {
      this.#fail(error)
    }
  }

  #completed(result: Refusal | 'answered'): void {
    if (this.#held && result === 'answered') this.#isWhole = true
    else this.#finish(result)
  }

  /** What cannot be counted or looked through is not shown. */
  #fail(error: unknown): void {
    this.#room.ports.onTrouble?.(error)
    const reason = 'the guard failed while it looked at the answer'
    this.#breakOff(reason, () => decided('guard.failed', reason, 500))
  }

  /** A canary, most likely: whoever watches the log must hear of it. */
  #cut({ rule, reason }: NonNullable<TextFinding['cut']>): void {
    const { visit } = this.#call
    try {
      this.#room.ports.audit.note({ ...entryOf(visit), event_type: 'alert', severity: this.#call.caller?.free ? 'info' : 'critical', rule, reason })
    } catch (error) {
      this.#room.ports.onTrouble?.(error)
    }
    this.#breakOff(reason, () => decided(rule, reason))
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
    this.#dropHeld()
    clearTimeout(this.#stuck)
    this.#call.stop = null
    this.#unpacker?.destroy()
    this.#line?.abort()
    this.#room.finished(this.#call, result)
  }
}

function createReceiver(status: number, ports: ReceiverPorts): Receiver {
  const { call } = ports
  call.turnedAway = status >= 400
  const type = (ports.providerHeaders.get('content-type') ?? '').toLowerCase()
  // An answer to who asked for a stream is one, whatever it calls itself: clients read it as one.
  const isStream = type.startsWith('text/event-stream') || (call.ask?.stream === true && !type.includes('json'))
  const streams = status === 200 && call.route!.kind === 'call' && isStream
  return streams ? createStreamReceiver(apiOf(call), ports) : createWholeReceiver(apiOf(call), status, ports)
}
