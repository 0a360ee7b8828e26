import type { AnswerMeta } from './api.ts'
import type { LocalModelAnswer } from './local.ts'
import { textParts } from './openai-chat-answer.ts'

/** A whole message. */
export function writeAnswer(answer: LocalModelAnswer, meta: AnswerMeta): string {
  const usage = { input_tokens: meta.inputTokens, output_tokens: meta.outputTokens }
  return JSON.stringify({ ...shell(meta), content: [block(answer, meta)], stop_reason: stopReason(answer), usage })
}

/** The same as a stream of named events. */
export function writeStream(answer: LocalModelAnswer, meta: AnswerMeta): string[] {
  const usage = { input_tokens: meta.inputTokens, output_tokens: 0 }
  const whole = block(answer, meta)
  const start = 'text' in answer ? { ...whole, text: '' } : { ...whole, input: {} }
  return [
    frame('message_start', { message: { ...shell(meta), content: [], stop_reason: null, usage } }),
    frame('content_block_start', { index: 0, content_block: start }),
    ...deltas(answer).map((delta) => frame('content_block_delta', { index: 0, delta })),
    frame('content_block_stop', { index: 0 }),
    frame('message_delta', {
      delta: { stop_reason: stopReason(answer), stop_sequence: null },
      usage: { output_tokens: meta.outputTokens },
    }),
    frame('message_stop', {}),
  ]
}

/** Source: Claude API reference, errors. */
export function writeError(status: number, message: string, visit: string): string {
  return JSON.stringify({ type: 'error', ...errorOf(status, message, visit) })
}

/** The official SDK throws at an event named `error`. */
export function writeErrorEvent(message: string, visit: string): string {
  return frame('error', errorOf(400, message, visit))
}

const errorTypes: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
}

function errorOf(status: number, message: string, visit: string): object {
  const type = errorTypes[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error')
  return { error: { type, message: `${message} (visit ${visit})` } }
}

function frame(type: string, fields: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`
}

function shell({ visit, model }: AnswerMeta): object {
  return { id: `msg_${visit}`, type: 'message', role: 'assistant', model, stop_sequence: null }
}

function block(answer: LocalModelAnswer, { visit }: AnswerMeta): object {
  if ('text' in answer) return { type: 'text', text: answer.text }
  return { type: 'tool_use', id: `toolu_${visit}`, name: answer.tool, input: answer.args }
}

function deltas(answer: LocalModelAnswer): object[] {
  if ('text' in answer) return textParts(answer.text).map((text) => ({ type: 'text_delta', text }))
  return [{ type: 'input_json_delta', partial_json: JSON.stringify(answer.args) }]
}

function stopReason(answer: LocalModelAnswer): string {
  return 'text' in answer ? 'end_turn' : 'tool_use'
}
