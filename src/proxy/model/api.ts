import type { UsageFlavor } from '../../budget/index.ts'
import { anthropicMessages } from './anthropic-messages.ts'
import { googleGenerative } from './google-generative.ts'
import type { JsonObject } from './json-text.ts'
import type { LocalModelAnswer, LocalModelMessage } from './local.ts'
import { openaiChat } from './openai-chat.ts'
import { openaiResponses } from './openai-responses.ts'
import type { Piece } from './pieces.ts'
import type { Tally } from './usage.ts'

export type { Piece } from './pieces.ts'

export type ApiName = 'openai-chat' | 'openai-responses' | 'anthropic-messages' | 'google-generative'

/** What we need to know about one provider API: how to read a request, how to read and how to write an answer. */
export interface Api {
  /** How the budget reads its usage blocks. */
  flavor: UsageFlavor
  /** @returns what the request asks for, or one sentence about why it is not a request we can serve */
  readAsk(body: JsonObject, asked: Asked): Ask | string
  readMessages(body: JsonObject): LocalModelMessage[]
  readToolNames(body: JsonObject): string[]
  /** The header that carries the provider's key. */
  keyHeader(key: string): { name: string; value: string }

  /** The texts in one event of a stream, each a part of a longer text named by its slot. */
  pieces(event: JsonObject): Piece[]
  /** Beginnings (with a `*`) of slots that get no more text after this event; `all` for the end of the answer. */
  endedSlots(event: JsonObject): readonly string[] | 'all'
  /** Adds what an event, or a whole answer, says about usage. */
  tally(json: JsonObject, tally: Tally): void
  stopReason(json: JsonObject): string | null
  /** True for an event that carries usage and nothing a client would miss that did not ask for it. */
  isUsageOnly(event: JsonObject): boolean
  /** True for an event that says nothing but that the provider is still there. */
  isKeepAlive(event: JsonObject): boolean
  /** True for an event that says that the answer failed, in whatever words. */
  isFailure(event: JsonObject): boolean
  /** A stream may also be one JSON array of its events (`application/json`). */
  streamsAsArray: boolean

  /** Fields that ask for usage at the end of a stream, as JSON members; `null` when it always comes. */
  usageRequest: string | null
  /** The field that limits the output of one answer, and the object of the request it stands in (`null`: the top). */
  outputCap: { field: string; parent: string | null }

  /** The list of models, one of them, and the count of input tokens, that a model inside the guard gives. */
  writeModels(model: string): string
  writeModel(model: string): string
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

/** What the address of a request says already. */
export interface Asked {
  /** `null`: the model is named in the body. */
  model: string | null
  /** `null`: the body says whether the answer streams. */
  stream: boolean | null
  /** Text of the body, for what its parsed form cannot show. */
  text: () => string
}

export interface Ask {
  model: string
  stream: boolean
  /** Over all answers together. `null`: no limit given. */
  maxOutputTokens: number | null
  /** How many answers to the one request. */
  answers: number
  /** Streams only: the client itself asked for usage, or the API always sends it. */
  wantsUsage: boolean
  /** What the request says about speed and price: `flex`, `priority`, `fast` … `null`: nothing. */
  serviceTier: string | null
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
  'google-generative': googleGenerative,
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
}

/** True when a provider of one API also answers calls of the other: every OpenAI server has both of OpenAI's. */
export function serves(provider: ApiName, api: ApiName): boolean {
  return provider === api || (provider.startsWith('openai-') && api.startsWith('openai-'))
}
