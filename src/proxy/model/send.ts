import { apiOf, type Call, type Room, type StepResult } from './call.ts'
import { headersToProvider } from './headers.ts'
import { openLine, type AnswerSink, type Line } from './line.ts'
import { openLocalLine } from './local-line.ts'
import { decided } from './refusal.ts'
import { relay } from './relay.ts'

/** Sends the call to its provider, with the real key, and brings the answer back. */
export async function send(call: Call, room: Room): Promise<StepResult> {
  const provider = call.provider!
  if (provider.local) return await relay(call, room, (sink) => openLocal(call, room, sink))
  let credential: { name: string; value: string } | null
  try {
    const key = await provider.key()
    credential = key && apiOf(call).keyHeader(key.reveal())
  } catch (error) {
    room.ports.onTrouble?.(error)
    return decided('key.unavailable', `the key of provider ${provider.name} cannot be read from its secret store`, 503)
  }
  return await relay(call, room, (sink) => openRemote(call, room, credential, sink))
}

function openRemote(call: Call, room: Room, key: { name: string; value: string } | null, sink: AnswerSink): Line {
  const provider = call.provider!
  const { path, query, kind } = call.route!
  const body = kind === 'models' ? null : call.body
  const request = {
    method: call.request.method!,
    path: prefixOf(provider.baseUrl) + path + query,
    headers: headersToProvider(call.request.headers, body && body.length, key),
    body,
    headersTimeout: room.options.upstreamTimeoutMs,
    bodyTimeout: room.options.idleStreamTimeoutMs,
  }
  return openLine(room.pools.get(provider.name)!, request, sink)
}

function openLocal(call: Call, room: Room, sink: AnswerSink): Line {
  const api = apiOf(call)
  const model = call.ask?.model ?? call.provider!.name
  return openLocalLine(
    {
      api,
      kind: call.route!.kind,
      stream: call.ask?.stream ?? false,
      visit: call.visit.id,
      model,
      nowMs: room.ports.clock.now(),
      inputBytes: call.body.length,
      ask: () =>
        call.provider!.local!({
          model,
          messages: api.readMessages(call.json),
          tools: api.readToolNames(call.json),
          visit: call.visit.id,
        }),
    },
    sink,
  )
}

/** The path in front of `/v1`, without a slash at its end; empty for most providers. */
function prefixOf(baseUrl: string): string {
  return new URL(baseUrl).pathname.replace(/\/+$/, '')
}
