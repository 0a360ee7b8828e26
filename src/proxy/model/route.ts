import type { ApiName } from './api.ts'
import type { Call, Room, StepResult } from './call.ts'
import { apiSpoken } from './headers.ts'
import { queryProblem } from './query.ts'
import { malformed } from './refusal.ts'

/** Where a request wants to go. */
export interface Route {
  kind: 'call' | 'count' | 'models'
  api: ApiName
  /** From `/p/<provider>/…`; `null`: the first provider that fits. */
  providerName: string | null
  /** Our own words for the path, as the log shows it: the model that may stand in it is `{model}`. */
  path: string
  /** Path and query at the provider, below its base URL. */
  target: string
  /** The model the path names. Attacker-controlled. */
  model: string | null
  /** Whether the path asks for a stream; `null`: the body says so. */
  stream: boolean | null
}

interface Place {
  kind: Route['kind']
  /** `null`: several APIs have this path. */
  api: ApiName | null
  method: 'GET' | 'POST'
  /** For what the path itself says. */
  stream?: boolean
}

const google = 'google-generative'

const places: Readonly<Record<string, Place>> = {
  '/v1/chat/completions': { kind: 'call', api: 'openai-chat', method: 'POST' },
  '/v1/responses': { kind: 'call', api: 'openai-responses', method: 'POST' },
  '/v1/responses/input_tokens': { kind: 'count', api: 'openai-responses', method: 'POST' },
  '/v1/messages': { kind: 'call', api: 'anthropic-messages', method: 'POST' },
  '/v1/messages/count_tokens': { kind: 'count', api: 'anthropic-messages', method: 'POST' },
  '/v1beta/models/{model}:generateContent': { kind: 'call', api: google, method: 'POST', stream: false },
  '/v1beta/models/{model}:streamGenerateContent': { kind: 'call', api: google, method: 'POST', stream: true },
  '/v1beta/models/{model}:countTokens': { kind: 'count', api: google, method: 'POST' },
  '/v1beta/models/{model}': { kind: 'models', api: google, method: 'GET' },
  '/v1beta/models': { kind: 'models', api: google, method: 'GET' },
  '/v1/models/{model}': { kind: 'models', api: null, method: 'GET' },
  '/v1/models': { kind: 'models', api: null, method: 'GET' },
}

// Names of models as they may stand in a path: nothing begins with a dot, and no byte but a slash is escaped. Google
// serves its methods under each of its versions; the log and the table know them by one.
const withModel: readonly { path: RegExp; as: (method: string) => string }[] = [
  {
    path: /^\/v1(?:beta|alpha)?\/models\/([A-Za-z0-9][\w.-]{0,99}):((?:g|streamG)enerateContent|countTokens)$/,
    as: (method) => `/v1beta/models/{model}:${method}`,
  },
  { path: /^\/v1beta\/models\/([A-Za-z0-9][\w.-]{0,99})$/, as: () => '/v1beta/models/{model}' },
  // `openai%2Fgpt-5:free`
  {
    path: /^\/v1\/models\/([A-Za-z0-9][\w.@-]*(?:(?:\/|%2[Ff]|:)[A-Za-z0-9][\w.@-]*){0,4})$/,
    as: () => '/v1/models/{model}',
  },
]

/**
 * Only the exact paths we know: nothing is normalised, so nothing can be smuggled past by spelling it differently.
 * Size and form are judged from the head alone, before anybody is asked who he is.
 */
export function route(call: Call, room: Room): StepResult {
  const { request } = call
  const found = readTarget(request.url ?? '')
  if (!found) return malformed(404, 'route.unknown', `no such path; this model proxy serves ${served}`)
  const place = places[found.path]!
  const { kind, stream = null } = place
  call.route = { ...found, kind, stream, api: place.api ?? apiSpoken(request.headers) }
  if (request.method !== place.method) return malformed(405, 'route.method', `this path takes ${place.method} only`)
  const problem = queryProblem(found.query, room.ports.content)
  if (problem !== null) return malformed(400, 'route.query', problem)
  if (found.model !== null && room.ports.content.findSecrets(found.model).length > 0) {
    return malformed(400, 'route.model', 'the model in the address looks like a secret')
  }
  if (request.headers.get('content-encoding') !== undefined) {
    return malformed(415, 'route.encoding', 'a compressed request cannot be inspected; send it plain')
  }
  if (Number(request.headers.get('content-length') ?? 0) > room.options.maxBodyBytes) return tooLarge(room)
  return 'pass'
}

export function tooLarge(room: Room): StepResult {
  return malformed(413, 'limits.body', `the request is larger than ${room.options.maxBodyBytes} bytes`)
}

const served = Object.entries(places)
  .map(([path, { method }]) => `${method} ${path}`)
  .join(', ')

type Target = Pick<Route, 'providerName' | 'path' | 'target' | 'model'> & { query: string }

function readTarget(url: string): Target | null {
  const mark = url.indexOf('?')
  const whole = mark === -1 ? url : url.slice(0, mark)
  const query = mark === -1 ? '' : url.slice(mark)
  const prefixed = /^\/p\/([a-z0-9][a-z0-9._-]*)(\/.*)$/.exec(whole)
  const sent = prefixed ? prefixed[2]! : whole
  const found = { providerName: prefixed?.[1] ?? null, target: sent + query, query }
  if (Object.hasOwn(places, sent)) return { ...found, path: sent, model: null }
  for (const { path, as } of withModel) {
    const model = path.exec(sent)
    if (model) return { ...found, path: as(model[2] ?? ''), model: decodeURIComponent(model[1]!) }
  }
  return null
}
