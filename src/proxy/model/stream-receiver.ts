import type { Api } from './api.ts'
import { answersOf } from './finders.ts'
import { streamErrorForClient } from './provider-error.ts'
import type { Receiver, ReceiverPorts } from './relay.ts'
import { Screen } from './screen.ts'
import { usedBy } from './settle.ts'

// A client that reads gets the last event; one that does not must not keep a cut call alive.
const farewellMs = 250

/** Streams an answer through the screen, event by event, no faster than the client reads. */
export function createStreamReceiver(api: Api, ports: ReceiverPorts): Receiver {
  const { call, room } = ports
  const { reply } = call
  const screen = new Screen({
    api,
    content: answersOf(call, room),
    tally: call.tally,
    dropUsage: call.usageAdded,
    replaceError: streamErrorForClient(call),
    maxEventBytes: room.options.maxAnswerBytes,
    nowMs: () => room.ports.clock.monotonicMs(),
  })

  call.end.status = 200
  // The head leaves at the end of this tick, with or without an event: the first one may be a minute away.
  reply.start(200, [...ports.headers, 'x-hardshell-visit', call.visit.id])
  reply.onDrain(ports.onReady)

  const write = (pieces: readonly Buffer[]): boolean => {
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
      const pieces = screen.feed(chunk)
      const seen = usedBy(call)
      // Before it is passed on: should we die now, the call costs what was seen and not its worst case.
      if (seen && call.reservation !== null) room.ports.meter.progress?.(call.reservation, seen)
      const goesOn = write(pieces)
      if (screen.cut) ports.onCut(screen.cut)
      return goesOn
    },
    end() {
      write(screen.end())
      note()
      if (screen.cut) ports.onCut(screen.cut)
      else {
        call.end.result ||= 'answered'
        reply.end()
      }
      return 'answered'
    },
    broken(reason) {
      note()
      // What is held back stays held: nobody knows how it would have gone on. The error event tells SDKs why, the
      // missing end of the chunked body tells everybody that this is not the whole answer.
      const isTaken = reply.write(api.writeErrorEvent(`the answer was cut: ${reason}`, call.visit.id))
      if (isTaken) setImmediate(() => reply.destroy())
      else setTimeout(() => reply.destroy(), farewellMs)
    },
  }
}
