import { defineErrors, HardshellError } from '../../base/index.ts'

/** Ways a server of ours cannot listen, and a call to an origin can fail. */
export const http1Errors = defineErrors({
  'http1.listen-failed': { exit: 7, http: 500, meaning: 'a door could not listen on its address' },
  'http1.bad-origin': { exit: 3, http: 500, meaning: 'an origin is not an http or https address' },
  'http1.bad-request': { exit: 70, http: 500, meaning: 'a request to an origin cannot be written as HTTP/1.1' },
  'http1.connect-failed': { exit: 7, http: 502, meaning: 'an origin could not be reached' },
  'http1.timeout': { exit: 7, http: 504, meaning: 'an origin did not answer in time, or was silent for too long' },
  'http1.broken-off': { exit: 7, http: 502, meaning: 'an origin closed the connection before its answer was whole' },
  'http1.bad-answer': { exit: 7, http: 502, meaning: 'what an origin sent is not one well-framed HTTP/1.1 answer' },
  'http1.closed': { exit: 7, http: 503, meaning: 'the pool of connections to an origin is closed' },
})

/** An error of this room, whose codes are a closed union. */
export function http1Error(
  code: keyof typeof http1Errors,
  message: string,
  more: { hint?: string; cause?: unknown } = {},
): HardshellError {
  return new HardshellError(code, message, more)
}
