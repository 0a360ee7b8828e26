import { explainTlsFailure } from '../../base/index.ts'
import type { FlatFields } from '../http1/index.ts'
import { apiOf, isGateway, type Call } from './call.ts'
import type { ReceivedFields } from './line.ts'
import { malformed, type Refusal } from './refusal.ts'

/** An error answer as the client gets it. */
export interface ErrorAnswer {
  status: number
  /** `null`: the provider's own body, byte for byte. */
  body: string | null
}

// Errors of the request itself: OpenClaw shows them and goes on (and shortens the chat when one says it is too long).
const aboutTheRequest = new Set([400, 404, 405, 409, 413, 415, 422, 451])

// Words, and numbers in a text, by which OpenClaw tells a bad key, an empty account or an overload from a bad request.
const iceWords = new RegExp(
  [
    'quota|budget|billing|credit|balance|payment|insufficient|spend',
    'usage limit|rate.?limit|too many|overload|capacity',
    'unauthori[sz]ed|forbidden|permission|api.?key|credential|authenticat',
    String.raw`\b(?:401|402|403|429|5\d\d)\b`,
  ].join('|'),
  'i',
)

const neutral = 'the model provider did not answer this request; the audit log of the guard has the reason'

/**
 * To plain clients the provider's error goes as it is. OpenClaw must not see most of them: at 401, 402, 403 and 429,
 * and at any 4xx whose text speaks of money, it disables the key on its disk for ten minutes, for every agent; at 503
 * it tries eight times over 89 seconds. The key it would disable is ours, and the provider's trouble is with another.
 * It gets 400 `invalid_request_error` with a text that means nothing to it: one failed turn, and the next one works.
 * (Measured on OpenClaw 2026.9.6.)
 */
export function errorForClient(call: Call, status: number, text: string): ErrorAnswer {
  if (!isGateway(call)) return { status, body: null }
  if (aboutTheRequest.has(status) && !iceWords.test(text)) return { status, body: null }
  return { status: 400, body: apiOf(call).writeError(400, neutral, call.visit.id) }
}

/** The same for an error the provider puts into a stream that had begun well; `null` lets it through. */
export function streamErrorForClient(call: Call): (() => string) | null {
  return isGateway(call) ? () => apiOf(call).writeErrorEvent(neutral, call.visit.id) : null
}

/** Headers that make an SDK wait or try again on its own are the provider's advice about a status we do not show. */
export function errorHeaders(headers: ReceivedFields): FlatFields {
  const retryAfter = headers.get('retry-after')
  return retryAfter === undefined ? [] : ['retry-after', retryAfter]
}

/** The provider could not be reached, was silent too long, or hung up before it answered. */
export function unreachable(call: Call, error: Error): Refusal {
  const late = 'code' in error && typeof error.code === 'string' && /timeout/i.test(error.code)
  const distrust = explainTlsFailure(error)
  if (distrust) {
    call.end.result = `TLS to the provider failed: ${distrust.reason}; ${distrust.hint}`
    return failed(call, 502, 'provider.not-trusted', call.end.result)
  }
  call.end.result = late ? 'the provider did not answer in time' : 'the provider could not be reached'
  return failed(call, late ? 504 : 502, late ? 'provider.timeout' : 'provider.unreachable', call.end.result)
}

/** An answer we cannot read, or that is larger than we hold. */
export function unreadable(call: Call, why: string): Refusal {
  return failed(call, 502, 'provider.unreadable', why)
}

/** Not our decision, so no assistant text: the turn fails, as it would with the provider's own error. */
function failed(call: Call, status: number, rule: string, reason: string): Refusal {
  return malformed(isGateway(call) ? 400 : status, rule, isGateway(call) ? neutral : reason)
}
