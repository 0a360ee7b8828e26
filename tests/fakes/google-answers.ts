import type { ServerResponse } from 'node:http'
import type { LocalModelMessage } from '../../src/proxy/model/index.ts'
import { json, spread, type Exchange } from './exchange.ts'

interface Part {
  text?: string
  functionResponse?: { response?: { output?: unknown; result?: unknown } }
}

interface Content {
  role?: string
  parts?: Part[]
}

/** Gemini's generateContent and streamGenerateContent, the latter as events or as one JSON array. */
export async function googleAnswer(reply: ServerResponse, path: string, { id, answer, usage, body }: Exchange): Promise<void> {
  const usageMetadata = { promptTokenCount: usage.input, candidatesTokenCount: usage.output, totalTokenCount: usage.input + usage.output }
  const chunk = (part: object, finishReason?: string): object => ({
    candidates: [{ content: { parts: [part], role: 'model' }, ...(finishReason && { finishReason }), index: 0 }],
    usageMetadata,
    modelVersion: body.model,
    responseId: id,
  })
  const call = 'tool' in answer ? { functionCall: { name: answer.tool, args: answer.args }, thoughtSignature: 'c2lnbmVkIGJ5IHRoZSBwcm92aWRlcg==' } : null
  if (!path.includes(':streamGenerateContent')) return json(reply, chunk(call ?? { text: 'text' in answer ? answer.text : '' }, 'STOP'))
  const chunks: object[] = []
  const events = path.includes('alt=sse')
  if (events) reply.writeHead(200, { 'content-type': 'text/event-stream' })
  const say = (part: object, finishReason?: string): void => {
    chunks.push(chunk(part, finishReason))
    if (events) reply.write(`data: ${JSON.stringify(chunks.at(-1))}\r\n\r\n`)
  }
  if (call) say(call, 'STOP')
  else {
    for await (const text of spread(answer, reply)) say({ text })
    say({ text: '' }, 'STOP')
  }
  if (events) reply.end()
  else json(reply, chunks)
}

/** The conversation in a request, in the words of the scripted model. */
export function messagesOfGoogle(contents: Content[]): LocalModelMessage[] {
  return contents.flatMap(({ role, parts = [] }) =>
    parts.map(({ text = '', functionResponse }): LocalModelMessage => {
      if (!functionResponse) return { role: role === 'model' ? 'assistant' : 'user', text, isToolResult: false }
      const { output, result } = functionResponse.response ?? {}
      return { role: 'user', text: String(output ?? result ?? JSON.stringify(functionResponse.response)), isToolResult: true }
    }),
  )
}
