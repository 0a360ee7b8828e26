import type { Api, Ask } from './api.ts'
import { isObject, objectsOf, type JsonObject } from './json-text.ts'
import type { LocalModelMessage } from './local.ts'
import { writeAnswer, writeError, writeErrorEvent, writeStream } from './openai-chat-answer.ts'
import { addJsonPiece, addPiece, withEcho, type Piece } from './pieces.ts'
import { textsIn } from './texts.ts'
import { countOf, inside, note, tierOf, type Tally } from './usage.ts'

/** OpenAI Chat Completions. Source: OpenAI API reference, chat/create and chat/streaming. */
export const openaiChat: Api = {
  flavor: 'openai-completions',
  readAsk,
  readMessages,
  readToolNames,
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
  isKeepAlive: () => false, // comments only
  isFailure: () => false, // an `error` member, as everywhere
  streamsAsArray: false,
  usageRequest: '"include_usage":true',
  outputCap: { field: 'max_completion_tokens', parent: null },
  writeModels: (id) => JSON.stringify({ object: 'list', data: [modelEntry(id)] }),
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
    answers,
    serviceTier: tierOf(body.service_tier),
    wantsUsage: inside(body.stream_options, 'include_usage') === true,
  }
}

export function modelEntry(id: string): object {
  return { id, object: 'model', created: 0, owned_by: 'hardshell' }
}

/** `functions` is how tools were called until 2023; compatible servers still take it. */
function readToolNames({ tools, functions }: JsonObject): string[] {
  const declared = [...objectsOf(tools).map((tool) => tool.function), ...objectsOf(functions)]
  return declared.map((tool) => inside(tool, 'name')).filter((name) => typeof name === 'string')
}

function readMessages(body: JsonObject): LocalModelMessage[] {
  return objectsOf(body.messages).map((message) => ({
    role: message.role === 'assistant' ? 'assistant' : isSystem(message.role) ? 'system' : 'user',
    text: textsIn(message.content),
    isToolResult: message.role === 'tool' || message.role === 'function',
  }))
}

function isSystem(role: unknown): boolean {
  return role === 'system' || role === 'developer'
}

// `reasoning_content` (DeepSeek, vLLM) and `reasoning` (OpenRouter) are what compatible servers add.
const textFields = ['content', 'refusal', 'reasoning_content', 'reasoning'] as const

function pieces(event: JsonObject): Piece[] {
  return objectsOf(event.choices).flatMap((choice) =>
    isObject(choice.delta) ? withEcho(piecesOf(choice.delta, `${choice.index}:`), choice, 'logprobs') : [],
  )
}

function piecesOf(delta: JsonObject, slot: string): Piece[] {
  const found: Piece[] = []
  for (const field of textFields) addPiece(found, delta, field, `${slot}${field}`, 'text')
  if (isObject(delta.audio)) {
    addPiece(found, delta.audio, 'transcript', `${slot}transcript`, 'text')
    addPiece(found, delta.audio, 'data', `${slot}audio`, 'kept')
  }
  if (isObject(delta.function_call)) addCall(found, delta.function_call, slot, 'function_call')
  for (const call of objectsOf(delta.tool_calls)) {
    const part = call.function ?? call.custom
    if (isObject(part)) addCall(found, part, slot, `tool:${call.index}`)
  }
  for (const detail of objectsOf(delta.reasoning_details)) addReasoning(found, detail, `${slot}detail:${detail.index}`)
  addJsonPiece(found, delta, 'annotations', `${slot}now:annotations`)
  return found
}

/** Arguments come in parts; a name comes whole, with the first of them or before. */
function addCall(to: Piece[], call: JsonObject, slot: string, which: string): void {
  addPiece(to, call, 'name', `${slot}now:${which}`, 'text')
  addPiece(to, call, 'arguments', `${slot}${which}`, 'json')
  addPiece(to, call, 'input', `${slot}${which}`, 'text')
}

/** What OpenRouter passes on from others: signed texts must come back as they went, summaries are nobody's proof. */
function addReasoning(to: Piece[], detail: JsonObject, slot: string): void {
  addPiece(to, detail, 'summary', `${slot}:summary`, 'text')
  for (const field of ['text', 'signature', 'data']) addPiece(to, detail, field, `${slot}:${field}`, 'kept')
}

// Where something comes that is complete at once.
const wholeFields = ['tool_calls', 'function_call', 'annotations'] as const

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null
}

/** A finish reason ends all slots of its choice; what comes whole in one event (`now`) ends with it. */
function endedSlots(event: JsonObject): readonly string[] {
  const ended: string[] = []
  for (const { index, delta, finish_reason } of objectsOf(event.choices)) {
    if (typeof finish_reason === 'string') ended.push(`${index}:*`)
    else if (isObject(delta) && wholeFields.some((field) => isThere(delta[field]))) ended.push(`${index}:now:*`)
  }
  return ended
}

function tally(json: JsonObject, to: Tally): void {
  if (typeof json.service_tier === 'string') to.serviceTier = json.service_tier
  if (!isObject(json.usage)) return
  // Some compatible servers report running counts in every chunk (vLLM, `continuous_usage_stats`); the last one counts.
  const choices = objectsOf(json.choices)
  note(to, json.usage, choices.length === 0 || choices.some((choice) => typeof choice.finish_reason === 'string'))
}
