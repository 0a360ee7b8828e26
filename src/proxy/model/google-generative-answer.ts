import type { AnswerMeta } from './api.ts'
import type { LocalModelAnswer } from './local.ts'
import { textParts } from './openai-chat-answer.ts'

/** A whole answer. */
export function writeAnswer(answer: LocalModelAnswer, meta: AnswerMeta): string {
  return JSON.stringify(response(meta, 'text' in answer ? { text: answer.text } : callOf(answer), 'STOP'))
}

/** The same as a stream; unlike the others it has no closing word, its last event says why it stopped. */
export function writeStream(answer: LocalModelAnswer, meta: AnswerMeta): string[] {
  const parts = 'text' in answer ? textParts(answer.text).map((text) => ({ text })) : [callOf(answer)]
  return parts.map((part, at) => frame(response(meta, part, at === parts.length - 1 ? 'STOP' : null)))
}

/** Source: Google Cloud API design guide, errors. */
export function writeError(status: number, message: string, visit: string): string {
  return JSON.stringify(errorOf(status, message, visit))
}

/** The official SDK throws at an event that has an `error` with a code. */
export function writeErrorEvent(message: string, visit: string): string {
  return frame(errorOf(400, message, visit))
}

// Source: google.rpc.Code, the HTTP mapping in its comments.
const statusWords: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

function errorOf(code: number, message: string, visit: string): object {
  const status = statusWords[code] ?? (code >= 500 ? 'INTERNAL' : 'INVALID_ARGUMENT')
  return { error: { code, message: `${message} (visit ${visit})`, status } }
}

function callOf({ tool, args }: { tool: string; args: unknown }): object {
  return { functionCall: { name: tool, args } }
}

function response(meta: AnswerMeta, part: object, finishReason: string | null): object {
  const { visit, model, inputTokens, outputTokens } = meta
  const candidate = { content: { parts: [part], role: 'model' }, ...(finishReason && { finishReason }), index: 0 }
  const usageMetadata = {
    promptTokenCount: inputTokens,
    candidatesTokenCount: outputTokens,
    totalTokenCount: inputTokens + outputTokens,
  }
  return { candidates: [candidate], usageMetadata, modelVersion: model, responseId: visit }
}

function frame(json: object): string {
  return `data: ${JSON.stringify(json)}\n\n`
}
