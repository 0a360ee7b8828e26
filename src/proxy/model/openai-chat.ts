import type { Api, Ask, Piece } from './api.ts'
import { isObject, objectsOf, type JsonObject } from './json-text.ts'
import type { LocalModelMessage } from './local.ts'
import { writeAnswer, writeError, writeErrorEvent, writeStream } from './openai-chat-answer.ts'
import { countOf, inside, note, type Tally } from './usage.ts'

/** OpenAI Chat Completions. Source: OpenAI API reference, chat/create and chat/streaming. */
export const openaiChat: Api = {
  path: '/v1/chat/completions',
  flavor: 'openai-completions',
  readAsk,
  readMessages,
  readToolNames: (body) =>
    objectsOf(body.tools).flatMap((tool) => {
      const name = inside(tool.function, 'name')
      return typeof name === 'string' ? [name] : []
    }),
  keyHeader: (key) => ({ name: 'authorization', value: `Bearer ${key}` }),
  pieces,
  endedSlots,
  tally,
  stopReason(json) {
    for (const choice of objectsOf(json.choices)) {
      if (typeof choice.finish_reason === 'string') return choice.finish_reason
    }
    return null
  },
  isUsageOnly: (event) => Array.isArray(event.choices) && event.choices.length === 0 && isObject(event.usage),
  usageRequest: '"include_usage":true',
  outputCapField: 'max_completion_tokens',
  writeModels: (id) =>
    JSON.stringify({ object: 'list', data: [{ id, object: 'model', created: 0, owned_by: 'hardshell' }] }),
  writeTokenCount: (tokens) => JSON.stringify({ input_tokens: tokens }),
  writeAnswer,
  writeStream,
  writeError,
  writeErrorEvent,
}

function readAsk(body: JsonObject): Ask | string {
  if (typeof body.model !== 'string' || body.model === '') return 'model must be a string'
  if (!Array.isArray(body.messages)) return 'messages must be an array'
  if (body.stream !== undefined && body.stream !== null && typeof body.stream !== 'boolean') {
    return 'stream must be true or false'
  }
  const answers = body.n ?? 1
  if (typeof answers !== 'number' || !Number.isSafeInteger(answers) || answers < 1) {
    return 'n must be a positive integer'
  }
  // Servers obey one or the other: the dearer one is set aside.
  const perAnswer = Math.max(countOf(body.max_completion_tokens), countOf(body.max_tokens))
  return {
    model: body.model,
    stream: body.stream === true,
    maxOutputTokens: perAnswer > 0 ? perAnswer * answers : null,
    wantsUsage: inside(body.stream_options, 'include_usage') === true,
  }
}

function readMessages(body: JsonObject): LocalModelMessage[] {
  return objectsOf(body.messages).map((message) => ({
    role: message.role === 'assistant' ? 'assistant' : isSystem(message.role) ? 'system' : 'user',
    text: textOf(message.content),
    isToolResult: message.role === 'tool' || message.role === 'function',
  }))
}

function isSystem(role: unknown): boolean {
  return role === 'system' || role === 'developer'
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  return objectsOf(content)
    .map((part) => (typeof part.text === 'string' ? part.text : ''))
    .join('')
}

// `reasoning_content` (DeepSeek, vLLM) and `reasoning` (OpenRouter) are what compatible servers add.
const textFields = ['content', 'refusal', 'reasoning_content', 'reasoning'] as const

function pieces(event: JsonObject): Piece[] {
  const found: Piece[] = []
  for (const choice of objectsOf(event.choices)) {
    if (!isObject(choice.delta)) continue
    const delta = choice.delta
    for (const field of textFields) addPiece(found, delta, field, `${choice.index}:${field}`, 'text')
    if (isObject(delta.function_call)) {
      addPiece(found, delta.function_call, 'arguments', `${choice.index}:function_call`, 'json')
    }
    for (const call of objectsOf(delta.tool_calls)) {
      if (isObject(call.function)) {
        addPiece(found, call.function, 'arguments', `${choice.index}:tool:${call.index}`, 'json')
      }
    }
  }
  return found
}

/** Adds one string field of an event as a piece, if it is one and not empty. */
export function addPiece(to: Piece[], owner: JsonObject, field: string, slot: string, kind: Piece['kind']): void {
  const text = owner[field]
  if (typeof text !== 'string' || text === '') return
  to.push({
    slot,
    text,
    kind,
    set(changed) {
      owner[field] = changed
    },
  })
}

/** A finish reason ends all slots of its choice; the names are those `pieces` gives, with a `*` for the rest. */
function endedSlots(event: JsonObject): readonly string[] {
  return objectsOf(event.choices)
    .filter((choice) => typeof choice.finish_reason === 'string')
    .map((choice) => `${choice.index}:*`)
}

function tally(json: JsonObject, to: Tally): void {
  if (!isObject(json.usage)) return
  // Some compatible servers report running counts in every chunk (vLLM, `continuous_usage_stats`); the last one counts.
  const choices = objectsOf(json.choices)
  note(to, json.usage, choices.length === 0 || choices.some((choice) => typeof choice.finish_reason === 'string'))
}
