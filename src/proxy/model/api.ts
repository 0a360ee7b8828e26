import type { UsageFlavor } from '../../budget/index.ts'
import { anthropicMessages } from './anthropic-messages.ts'
import type { JsonObject } from './json-text.ts'
import type { LocalModelAnswer, LocalModelMessage } from './local.ts'
import { openaiChat } from './openai-chat.ts'
import type { Tally } from './usage.ts'

export type ApiName = 'openai-chat' | 'anthropic-messages'

/** What we need to know about one provider API: how to read a request, how to read and how to write an answer. */
export interface Api {
  /** Where its calls go, below the provider's base URL. */
  path: string
  /** How the budget reads its usage blocks. */
  flavor: UsageFlavor
  /** @returns what the request asks for, or one sentence about why it is not a request */
  readAsk(body: JsonObject): Ask | string
  readMessages(body: JsonObject): LocalModelMessage[]
  readToolNames(body: JsonObject): string[]
  /** The header that carries the provider's key. */
  keyHeader(key: string): { name: string; value: string }

  /** The texts in one event of a stream, each a part of a longer text named by its slot. */
  pieces(event: JsonObject): Piece[]
  /** Slots that get no more text after this event; `all` for the end of the answer. */
  endedSlots(event: JsonObject): readonly string[] | 'all'
  /** Adds what an event, or a whole answer, says about usage. */
  tally(json: JsonObject, tally: Tally): void
  stopReason(json: JsonObject): string | null
  /** True for an event that carries usage and nothing a client would miss that did not ask for it. */
  isUsageOnly(event: JsonObject): boolean

  /** Fields that ask for usage at the end of a stream, as JSON members; `null` when it always comes. */
  usageRequest: string | null
  /** The field that limits the output of one answer. */
  outputCapField: string

  /** The list of models, and the count of input tokens, that a model inside the guard gives. */
  writeModels(model: string): string
  writeTokenCount(tokens: number): string
  /** A whole answer as its JSON text. */
  writeAnswer(answer: LocalModelAnswer, meta: AnswerMeta): string
  /** The same answer as the frames of an event stream, in order; joined they are the body. */
  writeStream(answer: LocalModelAnswer, meta: AnswerMeta): string[]
  /** An error body for a status. */
  writeError(status: number, message: string, visit: string): string
  /** An error as an event inside a stream that already began. */
  writeErrorEvent(message: string, visit: string): string
}

export interface Ask {
  model: string
  stream: boolean
  /** Over all answers together. `null`: no limit given. */
  maxOutputTokens: number | null
  /** Streams only: the client itself asked for usage, or the API always sends it. */
  wantsUsage: boolean
}

export interface Piece {
  slot: string
  text: string
  /** `json`: part of a JSON text, quotes and line breaks are escaped. `kept`: counted, never changed. */
  kind: 'text' | 'json' | 'kept'
  set(text: string): void
}

export interface AnswerMeta {
  visit: string
  model: string
  /** Seconds since 1970, which OpenAI's answers carry. */
  createdAt: number
  /** Zeros for a refusal. */
  inputTokens: number
  outputTokens: number
  /** OpenAI's streams tell usage only when asked. */
  includeUsage: boolean
}

/** The APIs we speak. */
export const apis: Readonly<Record<ApiName, Api>> = {
  'anthropic-messages': anthropicMessages,
  'openai-chat': openaiChat,
}
