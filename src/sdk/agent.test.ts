import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { Agent, type AgentOptions } from './agent.ts'

interface Seen {
  method: string | undefined
  path: string | undefined
  headers: IncomingMessage['headers']
  body: Record<string, unknown>
}
type Answer = (response: ServerResponse) => void

const servers: { close(): void }[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A front door that speaks OpenClaw's wire (docs gateway/openai-http-api) and keeps what it was asked. */
async function frontDoor(answer: Answer): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      const body = JSON.parse(text) as Seen['body']
      seen.push({ method: request.method, path: request.url, headers: request.headers, body })
      answer(response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  servers.push({ close: () => { server.closeAllConnections(); server.close() } })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

const token = ['hs', 'tok', 'test'].join('_')
const json = (status: number, body: unknown, headers = {}): Answer => (response) =>
  void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
const completion = (content: string): unknown => ({
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
})
const piece = (delta: unknown): string =>
  `data: ${JSON.stringify({ object: 'chat.completion.chunk', choices: [{ index: 0, delta }] })}\n\n`
const events = (...parts: string[]): Answer => (response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const part of parts) response.write(part)
  response.end()
}

async function collect(agent: Agent): Promise<string[]> {
  const pieces: string[] = []
  for await (const part of agent.stream('hi')) pieces.push(part)
  return pieces
}

async function agentAt(answer: Answer, options: AgentOptions = {}): Promise<{ agent: Agent; seen: Seen[] }> {
  const { url, seen } = await frontDoor(answer)
  return { agent: new Agent({ url, token, ...options }), seen }
}

describe('Agent.run', () => {
  it('asks the default agent with the token and returns its text', async () => {
    const { agent, seen } = await agentAt(json(200, completion('hello')))
    expect(await agent.run('hi')).toBe('hello')
    expect(seen[0]).toMatchObject({ method: 'POST', path: '/v1/chat/completions' })
    expect(seen[0]!.headers.authorization).toBe(`Bearer ${token}`)
    expect(seen[0]!.body).toEqual({ model: 'openclaw', messages: [{ role: 'user', content: 'hi' }], stream: false })
    expect(seen[0]!.headers['x-openclaw-model']).toBeUndefined()
  })

  it('names agent and model the way OpenClaw reads them', async () => {
    const names = { agent: 'daily_report', model: 'claude-3-sonnet' }
    const { agent, seen } = await agentAt(json(200, completion('ok')), names)
    await agent.run('hi')
    expect(seen[0]!.body['model']).toBe('openclaw/daily_report')
    expect(seen[0]!.headers['x-openclaw-model']).toBe('claude-3-sonnet')
  })

  it('names the visit when it is refused', async () => {
    const refuse = json(403, { error: { message: 'agent is disabled' } }, { 'x-hardshell-visit': 'v-123' })
    const { agent } = await agentAt(refuse)
    await expect(agent.run('hi')).rejects.toMatchObject({
      code: 'sdk.refused',
      message: 'refused with HTTP 403 (visit v-123): agent is disabled',
      hint: 'hardshell audit search v-123',
    })
  })

  it('repeats neither a hostile visit id nor a secret in a refusal', async () => {
    const secret = `ghp_${'a1'.repeat(18)}`
    const hostile = json(500, { error: { message: `bad ${secret}` } }, { 'x-hardshell-visit': 'a b; rm' })
    const { agent } = await agentAt(hostile)
    await expect(agent.run('hi')).rejects.toMatchObject({ message: 'refused with HTTP 500: bad [REDACTED_GH_TOKEN]' })
  })

  it('says how to start the guard when nobody answers', async () => {
    const { url } = await frontDoor(json(200, {}))
    servers.splice(0).forEach((server) => server.close())
    await expect(new Agent({ url, token }).run('hi')).rejects.toMatchObject({
      code: 'sdk.unreachable',
      hint: 'start the guard with `hardshell start`',
    })
  })

  it('gives up after timeoutMs', async () => {
    const { agent } = await agentAt(() => {}, { timeoutMs: 30 })
    await expect(agent.run('hi')).rejects.toMatchObject({ code: 'sdk.timeout' })
  })

  it('does not follow a redirect with the token', async () => {
    const elsewhere = await frontDoor(json(200, completion('stolen')))
    const { agent } = await agentAt((response) => void response.writeHead(307, { location: elsewhere.url }).end())
    await expect(agent.run('hi')).rejects.toMatchObject({ code: 'sdk.unreachable' })
    expect(elsewhere.seen).toEqual([])
  })

  it.each([
    ['no JSON', (response: ServerResponse) => void response.end('<html>')],
    ['no message', json(200, { choices: [] })],
    ['an error inside', json(200, { error: { message: 'internal error' } })],
  ])('refuses an answer with %s', async (_, answer) => {
    const { agent } = await agentAt(answer)
    await expect(agent.run('hi')).rejects.toMatchObject({ code: 'sdk.bad-answer' })
  })
})

describe('Agent.stream', () => {
  it('hands out the pieces as they come', async () => {
    const role = piece({ role: 'assistant' })
    const parts = [role, piece({ content: 'Hel' }), ': comment\n\n', piece({ content: 'lo' }), 'data: [DONE]\n\n']
    const { agent, seen } = await agentAt(events(...parts))
    expect(await collect(agent)).toEqual(['Hel', 'lo'])
    expect(seen[0]!.body['stream']).toBe(true)
  })

  it('does not take a stream that was cut off for a whole one', async () => {
    const { agent } = await agentAt(events(piece({ content: 'Hel' })))
    const error = { code: 'sdk.bad-answer', message: 'the stream was cut off before its end' }
    await expect(collect(agent)).rejects.toMatchObject(error)
  })

  it('reports a connection that breaks in the middle', async () => {
    const { agent } = await agentAt((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(piece({ content: 'Hel' }), () => response.destroy())
    })
    await expect(collect(agent)).rejects.toMatchObject({ code: 'sdk.bad-answer' })
  })

  it('gives up on a stream that falls silent', async () => {
    const { agent } = await agentAt((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(piece({ content: 'Hel' }))
    }, { timeoutMs: 60 })
    await expect(collect(agent)).rejects.toMatchObject({ code: 'sdk.timeout' })
  })

  it('ends the request when the caller stops listening', async () => {
    let closed: () => void
    const ended = new Promise<void>((resolve) => (closed = resolve))
    const { agent } = await agentAt((response) => {
      response.on('close', () => closed())
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(piece({ content: 'Hel' }))
    })
    const pieces: string[] = []
    for await (const part of agent.stream('hi')) {
      pieces.push(part)
      break
    }
    await ended
    expect(pieces).toEqual(['Hel'])
  })
})
