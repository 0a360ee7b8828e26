import type { Api } from './api.ts'
import { streamErrorForClient } from './provider-error.ts'
import type { Receiver, ReceiverPorts } from './relay.ts'
import { Screen } from './screen.ts'

// A client that reads gets the last event; one that does not must not keep a cut call alive.
const farewellMs = 250

/** Streams an answer through the screen, event by event, no faster than the client reads. */
export function createStreamReceiver(api: Api, ports: ReceiverPorts): Receiver {
  const { call, room } = ports
  const { reply } = call
  const screen = new Screen({
    api,
    content: room.ports.content,
    tally: call.tally,
    dropUsage: call.usageAdded,
    replaceError: streamErrorForClient(call),
    maxEventBytes: room.options.maxAnswerBytes,
  })
  let stuck: NodeJS.Timeout | undefined

  call.end.status = 200
  reply.writeHead(200, { ...ports.headers, 'x-hardshell-visit': call.visit.id })
  reply.flushHeaders() // the first event may be a minute away
  reply.on('drain', () => {
    clearTimeout(stuck)
    ports.onReady()
  })
  reply.on('close', () => clearTimeout(stuck))

  const write = (pieces: Buffer[]): boolean => {
    if (pieces.length === 0) return true
    const bytes = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
    call.end.bytesOut += bytes.length
    return reply.write(bytes)
  }
  const note = (): void => {
    call.end.stopReason = screen.stopReason
    call.end.redactedOut = screen.redactions
  }

  return {
    data(chunk) {
      if (write(screen.feed(chunk))) return true
      clearTimeout(stuck)
      stuck = setTimeout(ports.onStuck, room.options.idleStreamTimeoutMs)
      return false
    },
    end() {
      write(screen.end())
      note()
      call.end.result ||= 'answered'
      reply.end()
      return 'answered'
    },
    broken(reason) {
      clearTimeout(stuck)
      note()
      // What is held back stays held: nobody knows how it would have gone on. The error event tells SDKs why, the
      // missing end of the chunked body tells everybody that this is not the whole answer.
      const farewell = api.writeErrorEvent(`the answer was cut: ${reason}`, call.visit.id)
      const timer = setTimeout(() => reply.destroy(), farewellMs)
      reply.write(farewell, () => {
        clearTimeout(timer)
        reply.destroy()
      })
    },
  }
}
