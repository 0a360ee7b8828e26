import type { AnswerMeta } from './api.ts'
import type { LocalModelAnswer } from './local.ts'
import { errorOf, textParts } from './openai-chat-answer.ts'

/** A whole response. */
export function writeAnswer(answer: LocalModelAnswer, meta: AnswerMeta): string {
  return JSON.stringify(response(meta, 'completed', [item(answer, meta, 'completed')]))
}

/** The same as a stream of numbered events. */
export function writeStream(answer: LocalModelAnswer, meta: AnswerMeta): string[] {
  const whole = item(answer, meta, 'completed')
  const started = { ...whole, status: 'in_progress', ...('text' in answer ? { content: [] } : { arguments: '' }) }
  const events: [type: string, fields: object][] = [
    ['response.created', { response: response(meta, 'in_progress', []) }],
    ['response.in_progress', { response: response(meta, 'in_progress', []) }],
    ['response.output_item.added', { output_index: 0, item: started }],
    ...('text' in answer ? textEvents(answer.text, meta) : argumentEvents(answer, meta)),
    ['response.output_item.done', { output_index: 0, item: whole }],
    ['response.completed', { response: response(meta, 'completed', [whole]) }],
  ]
  return events.map(([type, fields], number) => frame(type, { sequence_number: number, ...fields }))
}

export function writeError(status: number, message: string, visit: string): string {
  return JSON.stringify(errorOf(status, message, visit))
}

/** Source: OpenAI API reference, responses-streaming/error. The official SDK throws at an event of that name. */
export function writeErrorEvent(message: string, visit: string): string {
  const told = `${message} (visit ${visit})`
  return frame('error', { code: 'invalid_prompt', message: told, param: null, sequence_number: 0 })
}

function textEvents(text: string, meta: AnswerMeta): [string, object][] {
  const at = { item_id: `msg_${meta.visit}`, output_index: 0, content_index: 0 }
  return [
    ['response.content_part.added', { ...at, part: textPart('') }],
    ...textParts(text).map((delta): [string, object] => ['response.output_text.delta', { ...at, delta, logprobs: [] }]),
    ['response.output_text.done', { ...at, text, logprobs: [] }],
    ['response.content_part.done', { ...at, part: textPart(text) }],
  ]
}

function argumentEvents({ tool, args }: { tool: string; args: unknown }, meta: AnswerMeta): [string, object][] {
  const at = { item_id: `fc_${meta.visit}`, output_index: 0 }
  const text = JSON.stringify(args)
  return [
    ['response.function_call_arguments.delta', { ...at, delta: text }],
    ['response.function_call_arguments.done', { ...at, name: tool, arguments: text }],
  ]
}

function item(answer: LocalModelAnswer, { visit }: AnswerMeta, status: string): object {
  if ('text' in answer) {
    return { id: `msg_${visit}`, type: 'message', role: 'assistant', status, content: [textPart(answer.text)] }
  }
  const call = { call_id: `call_${visit}`, name: answer.tool, arguments: JSON.stringify(answer.args) }
  return { id: `fc_${visit}`, type: 'function_call', status, ...call }
}

function textPart(text: string): object {
  return { type: 'output_text', text, annotations: [], logprobs: [] }
}

function response(meta: AnswerMeta, status: string, output: object[]): object {
  const { visit, model, createdAt, inputTokens, outputTokens } = meta
  const usage = {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: inputTokens + outputTokens,
  }
  return {
    id: `resp_${visit}`,
    object: 'response',
    created_at: createdAt,
    status,
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    model,
    output,
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    usage: status === 'completed' ? usage : null,
  }
}

function frame(type: string, fields: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`
}
