import type { IncomingHttpHeaders } from 'node:http'
import type { Transform } from 'node:stream'
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
  return new Promise((resolve) => {
    let receiver: Receiver | null = null
    let unpacker: Transform | null = null
    let over = false

    const finish = (result: Refusal | 'answered'): void => {
      if (over) return
      over = true
      call.stop = null
      unpacker?.destroy()
      line.abort()
      resolve(result)
    }
    const breakOff = (reason: string, refusal: () => Refusal): void => {
      if (over) return
      if (!call.reply.headersSent) return finish(refusal())
      call.end.result = reason
      if (!call.gone) receiver?.broken(reason)
      finish('answered')
    }
    const deliver = (chunk: Buffer): void => {
      if (over || !receiver) return
      try {
        if (receiver.data(chunk)) return
        line.pause()
        unpacker?.pause()
      } catch (error) {
        breakOff('the answer of the provider is too large', () => unreadable(call, String(error)))
      }
    }
    const complete = (): void => {
      if (!over && receiver) finish(receiver.end())
    }

    const line = open({
      sent() {
        call.sent = true
      },
      start(status, headers) {
        if (over) return
        call.end.providerStatus = status
        const found = unpackerFor(headers['content-encoding'])
        if (found === 'unknown') return finish(unreadable(call, 'the provider answered in an encoding we cannot read'))
        unpacker = found
        receiver = createReceiver(call, status, {
          call,
          room,
          headers: headersToClient(headers, found !== null),
          providerHeaders: headers,
          onReady() {
            unpacker?.resume()
            line.resume()
          },
          onStuck: () => breakOff('the client stopped reading', () => cutOff('the client stopped reading')),
        })
        unpacker?.on('data', deliver).on('end', complete).on('drain', () => line.resume())
        unpacker?.on('error', (error) => breakOff('the answer is damaged', () => unreadable(call, String(error))))
      },
      data(chunk) {
        if (over) return
        if (!unpacker) deliver(chunk)
        else if (!unpacker.write(chunk)) line.pause()
      },
      end: () => (unpacker ? void unpacker.end() : complete()),
      fail: (error) => breakOff('the provider broke off', () => unreachable(call, error)),
    })

    call.stop = () => {
      const reason = call.cutReason ?? 'the client left'
      breakOff(reason, () => cutOff(reason))
    }
    if (call.gone || call.cutReason !== null) call.stop()
  })
}

function createReceiver(call: Call, status: number, ports: ReceiverPorts): Receiver {
  call.turnedAway = status >= 400
  const type = String(ports.providerHeaders['content-type'] ?? '').toLowerCase()
  const streams = status === 200 && call.route!.kind === 'call' && type.startsWith('text/event-stream')
  return streams ? createStreamReceiver(apiOf(call), ports) : createWholeReceiver(apiOf(call), status, ports)
}
