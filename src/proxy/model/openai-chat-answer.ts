import type { AnswerMeta } from './api.ts'
import type { LocalModelAnswer } from './local.ts'

/** A whole chat completion. */
export function writeAnswer(answer: LocalModelAnswer, meta: AnswerMeta): string {
  const message =
    'text' in answer
      ? { role: 'assistant', content: answer.text, refusal: null }
      : { role: 'assistant', content: null, refusal: null, tool_calls: [toolCall(answer, meta)] }
  return JSON.stringify({
    id: `chatcmpl-${meta.visit}`,
    object: 'chat.completion',
    created: meta.createdAt,
    model: meta.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason(answer) }],
    usage: usageOf(meta),
  })
}

/** The same as chunks. */
export function writeStream(answer: LocalModelAnswer, meta: AnswerMeta): string[] {
  const chunk = (choices: unknown[], usage: unknown = null): string =>
    frame({
      id: `chatcmpl-${meta.visit}`,
      object: 'chat.completion.chunk',
      created: meta.createdAt,
      model: meta.model,
      choices,
      usage,
    })
  const delta = (change: unknown, finish: string | null = null): string =>
    chunk([{ index: 0, delta: change, logprobs: null, finish_reason: finish }])
  return [
    delta({ role: 'assistant', content: 'text' in answer ? '' : null }),
    ...('text' in answer
      ? textParts(answer.text).map((content) => delta({ content }))
      : [delta({ tool_calls: [{ index: 0, ...toolCall(answer, meta) }] })]),
    delta({}, finishReason(answer)),
    ...(meta.includeUsage ? [chunk([], usageOf(meta))] : []),
    'data: [DONE]\n\n',
  ]
}

/** Source: OpenAI API reference, error codes. */
export function writeError(status: number, message: string, visit: string): string {
  return JSON.stringify(errorOf(status, message, visit))
}

/** The official SDK throws at the first chunk that has an `error`. */
export function writeErrorEvent(message: string, visit: string): string {
  return frame(errorOf(400, message, visit))
}

/** Texts in the small parts a model would send. Whole code points: a lone surrogate is no text. */
export function textParts(text: string): string[] {
  return text.match(/.{1,24}/gsu) ?? ['']
}

/** OpenAI's errors have one shape for all its APIs. */
export function errorOf(status: number, message: string, visit: string): unknown {
  const type = status >= 500 ? 'server_error' : status === 429 ? 'rate_limit_error' : 'invalid_request_error'
  const code = status === 401 ? 'invalid_api_key' : null
  return { error: { message: `${message} (visit ${visit})`, type, param: null, code } }
}

function frame(json: unknown): string {
  return `data: ${JSON.stringify(json)}\n\n`
}

function toolCall(answer: { tool: string; args: unknown }, meta: AnswerMeta): object {
  const call = { name: answer.tool, arguments: JSON.stringify(answer.args) }
  return { id: `call_${meta.visit}`, type: 'function', function: call }
}

function finishReason(answer: LocalModelAnswer): string {
  return 'text' in answer ? 'stop' : 'tool_calls'
}

function usageOf({ inputTokens, outputTokens }: AnswerMeta): unknown {
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens }
}
