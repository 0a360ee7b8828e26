import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * As much of Telegram's Bot API as OpenClaw's channel needs: `getMe`, long polling by `getUpdates`, sending and editing.
 * Written from the public description of the Bot API; methods it does not know it answers with `true`, as most setters do.
 */
export interface FakeTelegram {
  url: string
  /** Tokens that bots presented, each once. */
  tokens: Set<string>
  /** Texts the bot sent or edited, in order. */
  sent: { chat: number; text: string }[]
  /** A person writes to the bot in private. */
  say(from: number, text: string): void
  /** From now on this token alone is good, as after `/revoke` at Telegram. */
  replaceToken(goodToken: string): void
  close(): Promise<void>
}

/** @param goodToken until it is replaced; any other is answered as Telegram does: 401 Unauthorized */
export async function startFakeTelegram(goodToken: string): Promise<FakeTelegram> {
  const world: World = { goodToken, tokens: new Set(), sent: [], updates: [], waiting: new Set(), nextUpdate: 1000, nextMessage: 1 }
  const server = createServer((request, reply) => void serve(request, reply, world).catch(() => reply.destroy()))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tokens: world.tokens,
    sent: world.sent,
    say(from, text) {
      const person = { id: from, is_bot: false, first_name: `Person ${from}`, username: `person${from}` }
      const chat = { id: from, type: 'private', first_name: person.first_name }
      const message = { message_id: world.nextMessage++, date: Math.floor(Date.now() / 1000), from: person, chat, text }
      world.updates.push({ update_id: world.nextUpdate++, message })
      for (const wake of world.waiting) wake()
    },
    replaceToken: (fresh) => void (world.goodToken = fresh),
    close: () =>
      new Promise((resolve) => {
        for (const wake of world.waiting) wake()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

interface World {
  goodToken: string
  tokens: Set<string>
  sent: FakeTelegram['sent']
  updates: { update_id: number; message: object }[]
  waiting: Set<() => void>
  nextUpdate: number
  nextMessage: number
}

async function serve(request: IncomingMessage, reply: ServerResponse, world: World): Promise<void> {
  const [, token, method] = /^\/bot([^/]+)\/(\w+)/.exec(request.url ?? '') ?? []
  const body = await readBody(request)
  const answer = (status: number, value: object): void => {
    reply.writeHead(status, { 'content-type': 'application/json' })
    reply.end(JSON.stringify(value))
  }
  if (token === undefined || method === undefined) return answer(404, { ok: false, error_code: 404, description: 'Not Found' })
  world.tokens.add(token)
  if (token !== world.goodToken) return answer(401, { ok: false, error_code: 401, description: 'Unauthorized' })
  answer(200, { ok: true, result: await resultOf(method, body, world) })
}

async function resultOf(method: string, body: Record<string, unknown>, world: World): Promise<unknown> {
  if (method === 'getMe') return { id: 999_001, is_bot: true, first_name: 'bot', username: 'trial_bot', can_join_groups: true, can_read_all_group_messages: true, supports_inline_queries: false }
  if (method === 'getUpdates') return await updatesFrom(Number(body['offset'] ?? 0), Number(body['timeout'] ?? 0), world)
  if (!/^(send|edit)/.test(method) || method === 'sendChatAction') return true
  const chat = Number(body['chat_id'])
  world.sent.push({ chat, text: String(body['text'] ?? JSON.stringify(body)) })
  return { message_id: world.nextMessage++, date: Math.floor(Date.now() / 1000), chat: { id: chat, type: 'private' }, text: body['text'] }
}

async function updatesFrom(offset: number, timeoutSeconds: number, { updates, waiting }: World): Promise<object[]> {
  while (updates[0] && updates[0].update_id < offset) updates.shift()
  if (updates.length === 0) {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer)
        waiting.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, Math.min(timeoutSeconds, 25) * 1000)
      waiting.add(wake)
    })
  }
  return [...updates]
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk)
  const query = Object.fromEntries(new URL(request.url ?? '/', 'http://telegram').searchParams)
  try {
    return { ...query, ...(JSON.parse(text) as object) }
  } catch {
    return { ...query, ...Object.fromEntries(new URLSearchParams(text)) }
  }
}
