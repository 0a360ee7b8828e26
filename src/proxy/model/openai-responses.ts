import type { Api, Ask } from './api.ts'
import { isObject, objectsOf, type JsonObject } from './json-text.ts'
import type { LocalModelMessage } from './local.ts'
import { modelEntry } from './openai-chat.ts'
import { writeAnswer, writeError, writeErrorEvent, writeStream } from './openai-responses-answer.ts'
import { endedResponseSlots, responsePieces } from './openai-responses-events.ts'
import { textsIn } from './texts.ts'
import { countOf, inside, note, tierOf, type Tally } from './usage.ts'

/** OpenAI Responses. Source: OpenAI API reference, responses/create and responses-streaming. */
export const openaiResponses: Api = {
  flavor: 'openai-responses',
  readAsk,
  readMessages,
  readToolNames: (body) => objectsOf(body.tools).flatMap((tool) => (typeof tool.name === 'string' ? [tool.name] : [])),
  keyHeader: (key) => ({ name: 'authorization', value: `Bearer ${key}` }),
  pieces: responsePieces,
  endedSlots: endedResponseSlots,
  tally,
  stopReason(json) {
    const response = responseOf(json)
    const reason = inside(response?.incomplete_details, 'reason') ?? response?.status
    return typeof reason === 'string' && reason !== 'in_progress' && reason !== 'queued' ? reason : null
  },
  isUsageOnly: () => false,
  isKeepAlive: ({ type, sequence_number: _number, ...more }) => type === 'keepalive' && Object.keys(more).length === 0,
  isFailure: (event) => event.type === 'error' || event.type === 'response.failed',
  streamsAsArray: false,
  usageRequest: null,
  outputCap: { field: 'max_output_tokens', parent: null },
  writeModels: (id) => JSON.stringify({ object: 'list', data: [modelEntry(id)] }),
  writeModel: (id) => JSON.stringify(modelEntry(id)),
  writeTokenCount: (tokens) => JSON.stringify({ object: 'response.input_tokens', input_tokens: tokens }),
  writeAnswer,
  writeStream,
  writeError,
  writeErrorEvent,
}

/**
 * Refused is what nobody could settle: an answer that is made after its connection closed, and pictures, whose price
 * no answer tells. What is stored at the provider may be referred to; its size is set aside (`unseen.ts`).
 */
function readAsk(body: JsonObject): Ask | string {
  if (typeof body.model !== 'string' || body.model === '') return 'model must be a string'
  if (body.stream !== undefined && body.stream !== null && typeof body.stream !== 'boolean') {
    return 'stream must be true or false'
  }
  if (body.background !== undefined && body.background !== null && body.background !== false) {
    return 'background answers are not served: what they cost is told to nobody; ask without `background`'
  }
  if (objectsOf(body.tools).some((tool) => tool.type === 'image_generation')) {
    return 'the tool image_generation is not served: what its pictures cost is told in no answer'
  }
  const maxTokens = countOf(body.max_output_tokens)
  return {
    model: body.model,
    stream: body.stream === true,
    maxOutputTokens: maxTokens > 0 ? maxTokens : null,
    answers: 1,
    wantsUsage: true,
    serviceTier: tierOf(body.service_tier),
  }
}

function readMessages(body: JsonObject): LocalModelMessage[] {
  const system = textsIn(body.instructions)
  const variables = isObject(body.prompt) && isObject(body.prompt.variables) ? Object.values(body.prompt.variables) : []
  const items = typeof body.input === 'string' ? [message('user', body.input)] : objectsOf(body.input).map(fromItem)
  const given = variables.map((value) => message('user', textsIn(value)))
  return system === '' ? [...given, ...items] : [message('system', system), ...given, ...items]
}

/** Outputs stand in items of their own; calls the provider made itself carry theirs beside the call. */
function fromItem(item: JsonObject): LocalModelMessage {
  const type = String(item.type ?? 'message')
  if (item.output !== undefined) return { role: 'user', text: textsIn(item.output), isToolResult: true }
  if (type !== 'message') return message('assistant', '') // calls, reasoning: what the model itself said
  if (item.role === 'system' || item.role === 'developer') return message('system', textsIn(item.content))
  return message(item.role === 'assistant' ? 'assistant' : 'user', textsIn(item.content))
}

function message(role: LocalModelMessage['role'], text: string): LocalModelMessage {
  return { role, text, isToolResult: false }
}

/** The response an event carries whole, or a whole answer; `null` for the events in between. */
function responseOf(json: JsonObject): JsonObject | null {
  if (isObject(json.response)) return json.response
  return json.object === 'response' ? json : null
}

function tally(json: JsonObject, to: Tally): void {
  if (json.type === 'response.output_item.done' && isObject(json.item)) to.searches += searchesIn([json.item])
  const response = responseOf(json)
  if (!response) return
  // The last event repeats every item.
  to.searches = Math.max(to.searches, searchesIn(objectsOf(response.output)))
  if (response.status === 'in_progress' || response.status === 'queued') return // repeats the request
  if (typeof response.service_tier === 'string') to.serviceTier = response.service_tier
  note(to, response.usage, true)
}

/**
 * What hosted tools are charged beside their tokens, in web searches. A file search costs less than one; a session of
 * a container may be shared by several calls and costs three. Source: OpenAI API pricing, "Built-in tools".
 */
function searchesIn(items: readonly JsonObject[]): number {
  return items.reduce((sum, item) => sum + priceInSearches(item), 0)
}

function priceInSearches({ type, environment }: JsonObject): number {
  if (type === 'web_search_call' || type === 'file_search_call') return 1
  if (type === 'code_interpreter_call') return 3
  return type === 'shell_call' && String(inside(environment, 'type')).startsWith('container') ? 3 : 0
}
