import type { Secret } from '../../base/index.ts'
import { apiOf, type Call, type Room, type StepResult } from './call.ts'
import { headersToProvider } from './headers.ts'
import { parseObject } from './json-text.ts'
import type { AnswerSink, Line } from './line.ts'
import { openLocalLine } from './local-line.ts'
import { decided } from './refusal.ts'
import { pathAtProvider } from './provider-path.ts'
import { relay } from './relay.ts'

/** Sends the call to its provider, with the real key, and brings the answer back. */
export function send(call: Call, room: Room): StepResult | Promise<StepResult> {
  const provider = call.provider!
  call.sentBytes = call.body.length
  if (provider.local) return relay(call, room, (sink) => openLocal(call, room, sink))
  const failed = (error: unknown): StepResult => {
    room.ports.onTrouble?.(error)
    return decided('key.unavailable', `the key of provider ${provider.name} cannot be read from its secret store`, 503)
  }
  try {
    const key = provider.key()
    return key instanceof Promise ? key.then((found) => sendWith(found, call, room), failed) : sendWith(key, call, room)
  } catch (error) {
    return failed(error)
  }
}

function sendWith(key: Secret | null, call: Call, room: Room): StepResult {
  const header = key ? apiOf(call).keyHeader(key.reveal()) : call.caller!.presentsOwnKey ? 'client' : null
  return relay(call, room, (sink) => openRemote(call, room, header, sink))
}

function openRemote(call: Call, room: Room, key: Parameters<typeof headersToProvider>[1], sink: AnswerSink): Line {
  const provider = call.provider!
  const { target, kind } = call.route!
  const body = kind === 'models' ? null : call.body
  const request = {
    method: call.request.method,
    path: pathAtProvider(provider.baseUrl, target),
    headers: headersToProvider(call.request.headers, key, provider.forwardHeaders),
    body,
    headersTimeoutMs: room.options.upstreamTimeoutMs,
    bodyTimeoutMs: room.options.idleStreamTimeoutMs,
  }
  return room.pools.get(provider.name)!.send(request, sink)
}

function openLocal(call: Call, room: Room, sink: AnswerSink): Line {
  const api = apiOf(call)
  const model = call.ask?.model ?? call.provider!.name
  return openLocalLine(
    {
      api,
      kind: call.route!.kind,
      asked: call.route!.model,
      stream: call.ask?.stream ?? false,
      visit: call.visit.id,
      model,
      nowMs: room.ports.clock.now(),
      inputBytes: call.body.length,
      ask: () => {
        // What would have gone out, redacted: not what came in, which `call.json` still is.
        const sent = parseObject(call.body.toString('utf8')) ?? {}
        return call.provider!.local!({ model, messages: api.readMessages(sent), tools: api.readToolNames(sent), visit: call.visit.id })
      },
    },
    sink,
  )
}
