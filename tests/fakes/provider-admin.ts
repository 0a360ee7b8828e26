import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * The administration interfaces of OpenAI (project service accounts and keys) and Anthropic (organization keys), and
 * `GET /v1/models` of both, which answers 200 to a key that is good and 401 to any other, and chat completions that
 * take a second and echo their last message, for good keys only. Paths, fields and paging
 * are those of their public API references of November 2026; what it does not know it answers with 404.
 */
export interface ProviderAdmin {
  url: string
  adminKey: string
  /** Good keys by value → name. */
  keys: Map<string, FakeKey>
  /** Requests in order, `METHOD path`. */
  seen: string[]
  /** A key made outside, as a person would in the console. */
  add(value: string, by: 'person' | 'account'): void
  close(): Promise<void>
}

interface FakeKey {
  id: string
  name: string
  account: string | null
}

export async function startProviderAdmin(pageSize = 100): Promise<ProviderAdmin> {
  const adminKey = `admin-${randomBytes(8).toString('hex')}`
  const keys = new Map<string, FakeKey>()
  const seen: string[] = []
  const server = createServer((request, reply) => void serve(request, reply, { adminKey, keys, seen, pageSize }).catch(() => reply.destroy()))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  let made = 0
  return {
    url: `http://127.0.0.1:${port}`,
    adminKey,
    keys,
    seen,
    add(value, by) {
      const id = `key_${++made}`
      keys.set(value, { id, name: id, account: by === 'account' ? `svc_acct_${made}` : null })
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface Fake {
  adminKey: string
  keys: Map<string, FakeKey>
  seen: string[]
  pageSize: number
}

async function serve(request: IncomingMessage, reply: ServerResponse, fake: Fake): Promise<void> {
  const url = new URL(request.url!, 'http://fake')
  fake.seen.push(`${request.method} ${url.pathname}`)
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const body = parts.length > 0 ? (JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>) : {}
  const presented = String(request.headers['x-api-key'] ?? request.headers.authorization?.replace(/^Bearer /, ''))
  const answer = (status: number, value: unknown): void => {
    reply.writeHead(status, { 'content-type': 'application/json' })
    reply.end(JSON.stringify(value))
  }
  if (url.pathname === '/v1/models') {
    return fake.keys.has(presented) ? answer(200, { data: [] }) : answer(401, { error: { message: 'invalid key', type: 'invalid_request_error' } })
  }
  if (url.pathname === '/v1/chat/completions') return await chat(reply, body, fake.keys.has(presented), answer)
  if (presented !== fake.adminKey) return answer(401, { error: { message: 'not an admin key' } })
  const path = url.pathname.split('/').slice(1)
  if (path[2] === 'api_keys') return anthropic({ method: request.method!, id: path[3], url, body, fake, answer })
  if (path[2] === 'projects') return openAi({ method: request.method!, what: path[4]!, id: path[5], url, body, fake, answer })
  answer(404, { error: { message: 'no such path' } })
}

/** One word every 200 ms, five of them; a key that ends meanwhile ends nothing that has begun. */
async function chat(reply: ServerResponse, body: Record<string, unknown>, good: boolean, answer: Asked['answer']): Promise<void> {
  if (!good) return answer(401, { error: { message: 'Incorrect API key provided', type: 'invalid_request_error', code: 'invalid_api_key' } })
  const chunk = (delta: object, finish: string | null): string =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 0, model: body['model'], choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`
  reply.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const content of ['one ', 'two ', 'three ', 'four ', 'five']) {
    reply.write(chunk({ role: 'assistant', content }, null))
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  reply.write(chunk({}, 'stop'))
  reply.write(`data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 0, model: body['model'], choices: [], usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 } })}\n\n`)
  reply.end('data: [DONE]\n\n')
}

interface Asked {
  method: string
  id: string | undefined
  url: URL
  body: Record<string, unknown>
  fake: Fake
  answer(status: number, value: unknown): void
}

function anthropic({ method, id, url, body, fake, answer }: Asked): void {
  if (method === 'GET' && id === undefined) {
    const all = [...fake.keys].map(([value, key]) => ({ type: 'api_key', id: key.id, name: key.name, status: 'active', partial_key_hint: hint(value) }))
    const data = page(all, url.searchParams.get('after_id'), fake.pageSize)
    return answer(200, { data, has_more: data.at(-1) !== all.at(-1) && all.length > 0, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null })
  }
  const found = [...fake.keys].find(([, key]) => key.id === id)
  if (!found || method !== 'POST') return answer(404, { type: 'error', error: { type: 'not_found_error' } })
  if (body['status'] === 'inactive' || body['status'] === 'archived') fake.keys.delete(found[0])
  answer(200, { type: 'api_key', id, status: body['status'] })
}

function openAi({ method, what, id, url, body, fake, answer }: Asked & { what: string }): void {
  const { keys } = fake
  if (what === 'service_accounts' && method === 'POST') {
    const value = ['sk', 'svcacct', randomBytes(24).toString('base64url')].join('-')
    const account = `svc_acct_${randomBytes(6).toString('hex')}`
    const key = { id: `key_${randomBytes(6).toString('hex')}`, name: String(body['name']), account }
    keys.set(value, key)
    return answer(200, { object: 'organization.project.service_account', id: account, name: key.name, role: 'member', api_key: { id: key.id, value } })
  }
  if (method === 'GET') {
    const all = [...keys].flatMap(([value, key]): ({ id: string } & Record<string, unknown>)[] =>
      what === 'api_keys'
        ? [{ id: key.id, name: key.name, redacted_value: hint(value), owner: key.account ? { type: 'service_account', service_account: { id: key.account } } : { type: 'user' } }]
        : key.account === null ? [] : [{ id: key.account, name: key.name, role: 'member' }],
    )
    const data = page(all, url.searchParams.get('after'), fake.pageSize)
    return answer(200, { object: 'list', data, has_more: data.at(-1) !== all.at(-1) && all.length > 0 })
  }
  const found = [...keys].find(([, key]) => (what === 'service_accounts' ? key.account : key.id) === id)
  if (method !== 'DELETE' || !found) return answer(404, { error: { message: 'not found' } })
  // OpenAI: the key of a service account goes with its account only.
  if (what === 'api_keys' && found[1].account !== null) return answer(400, { error: { message: 'belongs to a service account' } })
  keys.delete(found[0])
  answer(200, { id, deleted: true })
}

function hint(value: string): string {
  return `${value.slice(0, 8)}...${value.slice(-4)}`
}

function page<T extends { id: string }>(all: T[], after: string | null, size: number): T[] {
  const from = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1
  return all.slice(from, from + size)
}
