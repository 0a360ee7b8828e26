import type { IncomingHttpHeaders } from 'node:http'
import type { Pool } from 'undici'

/** Where an answer arrives. Nothing is called before `open…` has returned, and nothing after `end` or `fail`. */
export interface AnswerSink {
  /** Bytes of the request may have reached the provider. */
  sent(): void
  start(status: number, headers: IncomingHttpHeaders): void
  data(chunk: Buffer): void
  end(): void
  fail(error: Error): void
}

/** The other end of an open call. */
export interface Line {
  pause(): void
  resume(): void
  /** Ends the call at once; the provider sees the connection close. May be called more than once. */
  abort(): void
}

export interface OutgoingRequest {
  method: string
  path: string
  headers: Record<string, string | string[]>
  body: Buffer | null
  /** Until the first header, and between two pieces of the answer. */
  headersTimeout: number
  bodyTimeout: number
}

/** Opens a call to a provider over the network. Pausing it lets TCP slow the provider down. */
export function openLine(pool: Pool, request: OutgoingRequest, sink: AnswerSink): Line {
  let controller: { abort(reason: Error): void; pause(): void; resume(): void } | null = null
  let over = false
  queueMicrotask(() => {
    if (over) return
    try {
      pool.dispatch(request, {
        onRequestStart(started) {
          controller = started
          if (over) started.abort(aborted)
          else sink.sent()
        },
        onResponseStart(_controller, status, headers) {
          if (status >= 200) sink.start(status, headers) // 1xx are hints, not the answer
        },
        onResponseData: (_controller, chunk) => sink.data(chunk),
        onResponseEnd() {
          over = true
          sink.end()
        },
        onResponseError(_controller, error) {
          if (!over) sink.fail(error)
          over = true
        },
      })
    } catch (error) {
      over = true
      sink.fail(error instanceof Error ? error : new Error(String(error)))
    }
  })
  return {
    pause: () => controller?.pause(),
    resume: () => controller?.resume(),
    abort() {
      if (over) return
      over = true
      controller?.abort(aborted)
    },
  }
}

const aborted = new Error('the call was ended on our side')
