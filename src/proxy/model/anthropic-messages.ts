import { writeAnswer, writeError, writeErrorEvent, writeStream } from './anthropic-messages-answer.ts'
import type { Api, Ask } from './api.ts'
import { isObject, objectsOf, type JsonObject } from './json-text.ts'
import type { LocalModelMessage } from './local.ts'
import { addPiece, type Piece } from './pieces.ts'
import { textsIn } from './texts.ts'
import { countOf, inside, note, tierOf, type Tally } from './usage.ts'

/** Anthropic Messages. Source: Claude API reference, messages and streaming. */
export const anthropicMessages: Api = {
  flavor: 'anthropic-messages',
  readAsk,
  readMessages,
  readToolNames: (body) => objectsOf(body.tools).flatMap((tool) => (typeof tool.name === 'string' ? [tool.name] : [])),
  keyHeader: (key) => ({ name: 'x-api-key', value: key }),
  pieces,
  endedSlots(event) {
    if (event.type === 'message_stop') return 'all'
    return event.type === 'content_block_stop' ? [`${event.index}:*`] : []
  },
  tally,
  stopReason(json) {
    const reason = json.type === 'message_delta' ? inside(json.delta, 'stop_reason') : json.stop_reason
    return typeof reason === 'string' ? reason : null
  },
  isUsageOnly: () => false,
  usageRequest: null,
  isKeepAlive: (event) => event.type === 'ping' && Object.keys(event).length === 1,
  isFailure: (event) => event.type === 'error',
  streamsAsArray: false,
  outputCap: { field: 'max_tokens', parent: null },
  writeModels: (id) => JSON.stringify({ data: [modelEntry(id)], has_more: false, first_id: id, last_id: id }),
  writeModel: (id) => JSON.stringify(modelEntry(id)),
  writeTokenCount: (tokens) => JSON.stringify({ input_tokens: tokens }),
  writeAnswer,
  writeStream,
  writeError,
  writeErrorEvent,
}

function readAsk(body: JsonObject): Ask | string {
  if (typeof body.model !== 'string' || body.model === '') return 'model must be a string'
  if (!Array.isArray(body.messages)) return 'messages must be an array'
  if (body.stream !== undefined && typeof body.stream !== 'boolean') return 'stream must be true or false'
  const maxTokens = countOf(body.max_tokens)
  return {
    model: body.model,
    stream: body.stream === true,
    maxOutputTokens: maxTokens > 0 ? maxTokens : null,
    answers: 1,
    wantsUsage: true,
    // Fast mode is a tier in all but name: six times the price. Source: Claude docs, fast mode, pricing.
    serviceTier: body.speed === 'fast' ? 'fast' : tierOf(body.service_tier),
  }
}

function modelEntry(id: string): object {
  return { type: 'model', id, display_name: 'built-in', created_at: '2026-01-01T00:00:00Z' }
}

function readMessages(body: JsonObject): LocalModelMessage[] {
  const system = textsIn(body.system)
  const messages = objectsOf(body.messages).flatMap(splitMessage)
  return system === '' ? messages : [{ role: 'system', text: system, isToolResult: false }, ...messages]
}

/** One message may carry results of tools and words of the user; to whoever reads them these are different messages. */
function splitMessage({ role, content }: JsonObject): LocalModelMessage[] {
  const who = role === 'assistant' ? 'assistant' : 'user'
  const isResult = ({ type }: JsonObject): boolean => typeof type === 'string' && type.endsWith('tool_result')
  const results = objectsOf(content)
    .filter(isResult)
    // What tools of the provider's side found stands in messages of the assistant, and is no more its own.
    .map((block): LocalModelMessage => ({ role: 'user', text: textsIn(block.content), isToolResult: true }))
  const text = textsIn(Array.isArray(content) ? objectsOf(content).filter((block) => !isResult(block)) : content)
  if (text === '' && results.length > 0) return results
  return [...results, { role: who, text, isToolResult: false }]
}

/**
 * Thinking is counted and kept as it is: it is signed, the client must send it back unchanged, and the API refuses
 * the next request when it was touched.
 */
function pieces(event: JsonObject): Piece[] {
  const found: Piece[] = []
  if (event.type === 'content_block_start' && isObject(event.content_block)) {
    addPiece(found, event.content_block, 'text', `${event.index}:text`, 'text')
  }
  if (event.type !== 'content_block_delta' || !isObject(event.delta)) return found
  const delta = event.delta
  if (delta.type === 'text_delta') addPiece(found, delta, 'text', `${event.index}:text`, 'text')
  if (delta.type === 'input_json_delta') addPiece(found, delta, 'partial_json', `${event.index}:json`, 'json')
  if (delta.type === 'compaction_delta') addPiece(found, delta, 'content', `${event.index}:compaction`, 'text')
  if (delta.type === 'thinking_delta') addPiece(found, delta, 'thinking', `${event.index}:thinking`, 'kept')
  if (delta.type === 'signature_delta') addPiece(found, delta, 'signature', `${event.index}:signature`, 'kept')
  return found
}

/** `message_start` reports the input, `message_delta` the final counts; a whole answer reports both at once. */
function tally(json: JsonObject, to: Tally): void {
  if (json.type === 'message_start') note(to, inside(json.message, 'usage'), false)
  else note(to, json.usage, true)
}
