import type { ApiName } from './api.ts'
import type { Call, Room, StepResult } from './call.ts'
import { apiSpoken } from './headers.ts'
import { malformed } from './refusal.ts'

/** Where a request wants to go. */
export interface Route {
  kind: 'call' | 'count' | 'models'
  api: ApiName
  /** From `/p/<provider>/…`; `null`: the first provider that fits. */
  providerName: string | null
  /** Path at the provider, below its base URL. */
  path: string
  /** With its question mark, or empty. Attacker-controlled: forwarded, never logged. */
  query: string
}

type Place = Pick<Route, 'kind'> & { api: ApiName | null; method: 'GET' | 'POST' }

const places: Readonly<Record<string, Place>> = {
  '/v1/chat/completions': { kind: 'call', api: 'openai-chat', method: 'POST' },
  '/v1/messages': { kind: 'call', api: 'anthropic-messages', method: 'POST' },
  '/v1/messages/count_tokens': { kind: 'count', api: 'anthropic-messages', method: 'POST' },
  '/v1/models': { kind: 'models', api: null, method: 'GET' },
}

/**
 * Only the exact paths we know: nothing is normalised, so nothing can be smuggled past by spelling it differently.
 * Size and form are judged from the head alone, before anybody is asked who he is.
 */
export function route(call: Call, room: Room): StepResult {
  const { request } = call
  const found = readTarget(request.url ?? '')
  if (!found) return malformed(404, 'route.unknown', 'no such path; this is a model proxy')
  const place = places[found.path]!
  call.route = { ...found, kind: place.kind, api: place.api ?? apiSpoken(request.headers) }
  if (request.method !== place.method) return malformed(405, 'route.method', `this path takes ${place.method} only`)
  if (request.headers['content-encoding'] !== undefined) {
    return malformed(415, 'route.encoding', 'a compressed request cannot be inspected; send it plain')
  }
  if (Number(request.headers['content-length'] ?? 0) > room.options.maxBodyBytes) return tooLarge(room)
  return 'pass'
}

export function tooLarge(room: Room): StepResult {
  return malformed(413, 'limits.body', `the request is larger than ${room.options.maxBodyBytes} bytes`)
}

function readTarget(url: string): Pick<Route, 'providerName' | 'path' | 'query'> | null {
  const mark = url.indexOf('?')
  const whole = mark === -1 ? url : url.slice(0, mark)
  const query = mark === -1 ? '' : url.slice(mark)
  const prefixed = /^\/p\/([a-z0-9][a-z0-9._-]*)(\/.*)$/.exec(whole)
  const path = prefixed ? prefixed[2]! : whole
  return Object.hasOwn(places, path) ? { providerName: prefixed?.[1] ?? null, path, query } : null
}
