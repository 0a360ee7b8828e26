import { appendFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { scriptedModel, type LocalModelAnswer, type LocalModelMessage } from '../../src/proxy/model/index.ts'
import { json, spread, textOf, type Exchange } from './exchange.ts'
import { googleAnswer, messagesOfGoogle } from './google-answers.ts'
import { messagesOfResponses, openaiResponse } from './responses-answers.ts'

/**
 * A provider on this machine that speaks the real wire formats, OpenAI Chat Completions and Responses, Anthropic
 * Messages and Gemini, and obeys the same orders as the scripted model. `USAGE:<tokens>` before the order sets the input
 * tokens it bills, `STATUS:<code>` makes it fail with an error of its kind that asks to wait a second,
 * `AGAIN:<name> {json}` makes it call the same tool until it is told no.
 */
export interface ModelUpstream {
  port: number
  close(): Promise<void>
}

/** One request as the provider saw it. */
export interface SeenRequest {
  path: string
  /** `authorization` without `Bearer`, `x-api-key` or `x-goog-api-key`. */
  key: string
  /** Of the body, or of the path where it stands there. */
  model: string
  text: string
  /** The connection closed before the answer was whole; told on a line of its own. */
  cut?: true
}

/** @param record file that gets one line of JSON for each request */
export async function startModelUpstream(record: string, port = 0): Promise<ModelUpstream> {
  const server = createServer((request, reply) => {
    serve(request, reply, record).catch(() => reply.destroy())
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

interface Body {
  model?: string
  stream?: boolean
  messages?: { role: string; content: unknown }[]
  input?: unknown
  instructions?: unknown
  contents?: Parameters<typeof messagesOfGoogle>[0]
}

async function serve(request: IncomingMessage, reply: ServerResponse, record: string): Promise<void> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk)
  const path = request.url ?? ''
  const { authorization = '', 'x-api-key': apiKey, 'x-goog-api-key': googleKey } = request.headers
  const body = (text === '' ? {} : JSON.parse(text)) as Body
  body.model ??= /\/models\/([^:?]+)/.exec(path)?.[1]
  const key = String(apiKey ?? googleKey ?? authorization.replace(/^Bearer /, ''))
  const seen: SeenRequest = { path, key, model: body.model ?? '', text: text.slice(-4000) }
  appendFileSync(record, `${JSON.stringify(seen)}\n`)
  reply.on('close', () => {
    if (!reply.writableFinished) appendFileSync(record, `${JSON.stringify({ ...seen, text: '', cut: true })}\n`)
  })
  if (path.includes('/v1beta/models') && request.method === 'GET') return json(reply, { models: [{ name: 'models/gemini-2.5-flash' }] })
  if (path.endsWith('/models')) return json(reply, { object: 'list', data: [{ id: 'gpt-5-mini', object: 'model' }] })
  if (path.endsWith('/count_tokens') || path.endsWith('/input_tokens')) return json(reply, { input_tokens: 7 })
  if (path.endsWith(':countTokens')) return json(reply, { totalTokens: 7 })
  const status = Number(/STATUS:(\d{3})/.exec(text)?.[1] ?? 200)
  if (status !== 200) return fail(reply, path, status)
  const answer = answerTo(messagesOf(body))
  const usage = { input: Number(/USAGE:(\d+)/.exec(text)?.[1] ?? 500), output: 20 }
  const id = `${Date.now()}`
  if (path.endsWith('/chat/completions')) return await chatCompletion(reply, { id, body, answer, usage })
  if (path.endsWith('/messages')) return await anthropicMessage(reply, { id, body, answer, usage })
  if (path.endsWith('/responses')) return await openaiResponse(reply, { id, body, answer, usage })
  if (path.includes('enerateContent')) return await googleAnswer(reply, path, { id, body, answer, usage })
  reply.writeHead(404).end()
}

// A runaway that nobody stops ends here: the test fails, and does not hang.
const maxAgain = 60

/** Of orders the last one counts; of a turn that runs in circles it is the one the circle began with. */
function answerTo(messages: readonly LocalModelMessage[]): LocalModelAnswer {
  const order = messages.findLast(({ role, text, isToolResult }) => role === 'user' && !isToolResult && /\b(SAY|TOOL|SLOW|AGAIN):/.test(text))
  const results = messages.filter(({ isToolResult }) => isToolResult)
  const toldNo = order !== undefined && messages.slice(messages.indexOf(order)).some(({ text, isToolResult }) => isToolResult && text.includes('Hardshell: '))
  if (!order?.text.includes('AGAIN:') || toldNo || results.length >= maxAgain) return scriptedModel({ messages })
  return scriptedModel({ messages: [{ ...order, text: order.text.replace('AGAIN:', 'TOOL:') }] })
}

/** An error in the words of the API. */
function fail(reply: ServerResponse, path: string, status: number): void {
  const message = 'the provider is asked too much of'
  const body = path.includes('enerateContent')
    ? { error: { code: status, message, status: 'RESOURCE_EXHAUSTED' } }
    : path.endsWith('/messages')
      ? { type: 'error', error: { type: 'rate_limit_error', message } }
      : { error: { message, type: 'rate_limit_error', param: null, code: 'rate_limit_exceeded' } }
  reply.writeHead(status, { 'content-type': 'application/json', 'retry-after': '1' }).end(JSON.stringify(body))
}

async function chatCompletion(reply: ServerResponse, { id, body, answer, usage }: Exchange): Promise<void> {
  const counts = { prompt_tokens: usage.input, completion_tokens: usage.output, total_tokens: usage.input + usage.output }
  const calls = 'tool' in answer ? [{ index: 0, id: `call_${id}`, type: 'function', function: { name: answer.tool, arguments: JSON.stringify(answer.args) } }] : undefined
  const finish = calls ? 'tool_calls' : 'stop'
  const base = { id: `chatcmpl-${id}`, created: 1, model: body.model }
  if (body.stream !== true) {
    const message = { role: 'assistant', content: 'text' in answer ? answer.text : null, ...(calls && { tool_calls: calls }) }
    return json(reply, { ...base, object: 'chat.completion', choices: [{ index: 0, message, finish_reason: finish }], usage: counts })
  }
  reply.writeHead(200, { 'content-type': 'text/event-stream' })
  const chunk = (delta: object, finish_reason: string | null = null): void =>
    void reply.write(`data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] })}\n\n`)
  chunk({ role: 'assistant', content: '' })
  if (calls) chunk({ tool_calls: calls })
  else for await (const content of spread(answer, reply)) chunk({ content })
  chunk({}, finish)
  reply.write(`data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', choices: [], usage: counts })}\n\n`)
  reply.end('data: [DONE]\n\n')
}

async function anthropicMessage(reply: ServerResponse, { id, body, answer, usage }: Exchange): Promise<void> {
  const content = 'tool' in answer ? { type: 'tool_use', id: `toolu_${id}`, name: answer.tool, input: answer.args } : { type: 'text', text: answer.text }
  const stop = { stop_reason: 'tool' in answer ? 'tool_use' : 'end_turn', stop_sequence: null }
  const base = { id: `msg_${id}`, type: 'message', role: 'assistant', model: body.model }
  if (body.stream !== true) return json(reply, { ...base, content: [content], ...stop, usage: { input_tokens: usage.input, output_tokens: usage.output } })
  reply.writeHead(200, { 'content-type': 'text/event-stream' })
  const event = (type: string, data: object): void => void reply.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`)
  event('message_start', { message: { ...base, content: [], stop_reason: null, stop_sequence: null, usage: { input_tokens: usage.input, output_tokens: 1 } } })
  const empty = 'tool' in answer ? { ...content, input: {} } : { type: 'text', text: '' }
  event('content_block_start', { index: 0, content_block: empty })
  if ('tool' in answer) event('content_block_delta', { index: 0, delta: { type: 'input_json_delta', partial_json: JSON.stringify(answer.args) } })
  else for await (const text of spread(answer, reply)) event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } })
  event('content_block_stop', { index: 0 })
  event('message_delta', { delta: stop, usage: { output_tokens: usage.output } })
  event('message_stop', {})
  reply.end()
}

function messagesOf({ messages = [], input, instructions, contents }: Body): LocalModelMessage[] {
  if (contents) return messagesOfGoogle(contents)
  if (input !== undefined) return messagesOfResponses(input, instructions)
  return messages.map(({ role, content }) => ({
    role: role === 'tool' ? 'user' : role === 'developer' ? 'system' : (role as LocalModelMessage['role']),
    text: textOf(content),
    isToolResult: role === 'tool' || (Array.isArray(content) && content.some((part: { type?: string }) => part.type === 'tool_result')),
  }))
}
