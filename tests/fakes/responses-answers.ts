import type { ServerResponse } from 'node:http'
import type { LocalModelMessage } from '../../src/proxy/model/index.ts'
import { json, spread, textOf, type Exchange } from './exchange.ts'

/** OpenAI Responses, as its API reference shows it. */
export async function openaiResponse(reply: ServerResponse, { id, body, answer, usage }: Exchange): Promise<void> {
  const call = 'tool' in answer
  const item = call
    ? { id: `fc_${id}`, type: 'function_call', status: 'completed', call_id: `call_${id}`, name: answer.tool, arguments: JSON.stringify(answer.args) }
    : { id: `msg_${id}`, type: 'message', status: 'completed', role: 'assistant', content: [{ type: 'output_text', text: answer.text, annotations: [] }] }
  const tokens = {
    input_tokens: usage.input,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: usage.input + usage.output,
  }
  const base = { id: `resp_${id}`, object: 'response', created_at: 1, error: null, incomplete_details: null, model: body.model }
  const whole = { ...base, status: 'completed', output: [item], usage: tokens }
  if (body.stream !== true) return json(reply, whole)
  reply.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
  let number = 0
  const event = (type: string, fields: object): void =>
    void reply.write(`event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: number++, ...fields })}\n\n`)
  event('response.created', { response: { ...base, status: 'in_progress', output: [], usage: null } })
  const at = { item_id: item.id, output_index: 0 }
  event('response.output_item.added', { output_index: 0, item: { ...item, status: 'in_progress', ...(call ? { arguments: '' } : { content: [] }) } })
  if (call) {
    event('response.function_call_arguments.delta', { ...at, delta: JSON.stringify(answer.args) })
    event('response.function_call_arguments.done', { ...at, name: answer.tool, arguments: JSON.stringify(answer.args) })
  } else {
    const part = { type: 'output_text', text: '', annotations: [] }
    event('response.content_part.added', { ...at, content_index: 0, part })
    for await (const delta of spread(answer, reply)) event('response.output_text.delta', { ...at, content_index: 0, delta, logprobs: [] })
    event('response.output_text.done', { ...at, content_index: 0, text: answer.text, logprobs: [] })
    event('response.content_part.done', { ...at, content_index: 0, part: { ...part, text: answer.text } })
  }
  event('response.output_item.done', { output_index: 0, item })
  event('response.completed', { response: whole })
  reply.end()
}

/** The conversation in a request, in the words of the scripted model. */
export function messagesOfResponses(input: unknown, instructions: unknown): LocalModelMessage[] {
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : (input as { type?: string; role?: string; content?: unknown; output?: unknown }[])
  const said = items.map(({ type = 'message', role, content, output }): LocalModelMessage => {
    if (type === 'function_call_output') return { role: 'user', text: textOf(output), isToolResult: true }
    if (type !== 'message') return { role: 'assistant', text: '', isToolResult: false }
    return { role: role === 'assistant' ? 'assistant' : role === 'user' ? 'user' : 'system', text: textOf(content), isToolResult: false }
  })
  return [{ role: 'system', text: textOf(instructions), isToolResult: false }, ...said]
}
