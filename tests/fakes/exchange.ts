import type { ServerResponse } from 'node:http'
import type { LocalModelAnswer } from '../../src/proxy/model/index.ts'

/** What the fake provider was asked, and what it is going to say. */
export interface Exchange {
  id: string
  body: { model?: string; stream?: boolean }
  answer: LocalModelAnswer
  usage: { input: number; output: number }
}

/** The answer in pieces, spread over the time it was told to take; ends when nobody listens any more. */
export async function* spread(answer: LocalModelAnswer, reply: ServerResponse): AsyncGenerator<string> {
  if (!('text' in answer)) return
  const slow = answer.slowMs ?? 0
  const pieces = slow > 0 ? Array.from({ length: slow / 200 }, (_, i) => `${answer.text} ${i} `) : (answer.text.match(/[\s\S]{1,16}/g) ?? [''])
  for (const piece of pieces) {
    if (reply.destroyed) return
    yield piece
    if (slow > 0) await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** The texts of a content, however deep they stand. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map((part: { text?: string; content?: unknown }) => part.text ?? textOf(part.content)).join('')
}

export function json(reply: ServerResponse, value: object): void {
  reply.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}
