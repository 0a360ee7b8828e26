import type { ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import OpenAI from 'openai'
import { afterEach, describe, expect, it } from 'vitest'
import {
  chatBody,
  collect,
  fakeContent,
  keys,
  openUpstream,
  openWorld,
  providerAt,
  sampleSecret,
  traceparent,
  until,
  type Upstream,
  type World,
} from './fakes.test.kit.ts'
import type { ModelProxyOptions } from './ports.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

type Answer = (reply: ServerResponse) => void

interface Sides {
  world: World
  upstream: Upstream
}

async function setUp(answer: Answer, options: Partial<ModelProxyOptions> = {}): Promise<Sides> {
  const upstream = await openUpstream(answer)
  const world = await openWorld([providerAt(upstream.url, 'openai-chat')], { options })
  open.push(upstream, world.proxy)
  return { world, upstream }
}

async function post({ url }: World, body = chatBody(), key = keys.plain): Promise<Response> {
  const headers = { authorization: `Bearer ${key}`, traceparent }
  return await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body })
}

const event = (content: string): string => `data: {"choices":[{"index":0,"delta":{"content":"${content}"}}]}\n\n`
const streaming = chatBody({ stream: true })
const json = { 'content-type': 'application/json' }
const eventStream = { 'content-type': 'text/event-stream' }

/** Sends one event and then nothing, for ever. */
const hang: Answer = (reply) => {
  reply.writeHead(200, eventStream).write(event('first words'))
}

describe('fidelity', () => {
  it('keeps headers that are the client’s business and drops those that are not', async () => {
    const { world } = await setUp((reply) =>
      reply
        .writeHead(200, {
          'content-type': 'application/json; charset=x',
          'request-id': 'req_1',
          'retry-after': '3',
          'alt-svc': 'h3=":443"',
          'set-cookie': 'a=b',
          connection: 'keep-alive, x-hop',
          'x-hop': '1',
        })
        .end('{ "choices": [] }'),
    )
    const reply = await post(world)
    const headers = Object.fromEntries(reply.headers)
    const kept = { 'content-type': 'application/json; charset=x', 'request-id': 'req_1', 'retry-after': '3' }
    expect(headers).toMatchObject(kept)
    expect(headers['x-hardshell-visit']).toMatch(/^[\w-]{16}$/)
    for (const name of ['alt-svc', 'set-cookie', 'x-hop']) expect(headers[name]).toBeUndefined()
    expect(await reply.text()).toBe('{ "choices": [] }')
  })

  it('drops a header the client named in Connection, but never the key we add', async () => {
    const { world, upstream } = await setUp((reply) => void reply.end('{}'))
    const { hostname, port } = new URL(world.url)
    const body = chatBody()
    const socket = connect(Number(port), hostname)
    socket.end(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${keys.plain}\r\nx-mine: 1\r\n` +
        `connection: close, authorization, x-mine\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    )
    await until(() => upstream.seen.length === 1, 'the request')
    expect(upstream.seen[0]!.headers.authorization).toBe('Bearer real-provider-key')
    expect(upstream.seen[0]!.headers['x-mine']).toBeUndefined()
    socket.destroy()
  })

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ] as const)('unpacks %s, which nobody asked for, to look inside', async (encoding, pack) => {
    const text = `{"choices":[{"message":{"content":"${sampleSecret}"}}]}`
    const packed = { ...json, 'content-encoding': encoding }
    const { world } = await setUp((reply) => void reply.writeHead(200, packed).end(pack(text)))
    const reply = await post(world)
    expect(reply.headers.get('content-encoding')).toBeNull()
    expect(await reply.text()).toBe(text.replace(sampleSecret, '[REDACTED_SAMPLE]'))
  })

  it('unpacks a packed stream as well', async () => {
    const packed = { ...eventStream, 'content-encoding': 'gzip' }
    const text = event('hello') + 'data: [DONE]\n\n'
    const { world } = await setUp((reply) => void reply.writeHead(200, packed).end(gzipSync(text)))
    expect(await (await post(world, streaming)).text()).toBe(text)
  })

  it('carries an answer of megabytes to a client that reads slowly', async () => {
    const events = Array.from({ length: 20_000 }, (_, n) => event(`word number ${n} of very many words`)).join('')
    const { world } = await setUp((reply) => void reply.writeHead(200, eventStream).end(events))
    const reply = await post(world, streaming)
    let text = ''
    const decoder = new TextDecoder()
    for await (const chunk of reply.body!) {
      text += decoder.decode(chunk as Uint8Array, { stream: true })
      if (text.length % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 2))
    }
    expect(text === events).toBe(true)
  })

  it('refuses an answer larger than it may hold', async () => {
    const large: Answer = (reply) => void reply.writeHead(200, json).end('x'.repeat(5000))
    const { world } = await setUp(large, { maxAnswerBytes: 1000 })
    const reply = await post(world)
    expect(reply.status).toBe(502)
    expect(await reply.text()).toContain('provider.unreadable')
  })
})

describe('errors of the provider', () => {
  const fail = (status: number, message: string, more: object = {}): Answer => (reply) => {
    reply.writeHead(status, { ...json, ...more }).end(JSON.stringify({ error: { message, type: 't' } }))
  }

  it('reach a plain client as they are', async () => {
    const { world } = await setUp(fail(429, 'You exceeded your quota', { 'retry-after': '30' }))
    const reply = await post(world)
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([429, '30'])
    expect(await reply.text()).toBe('{"error":{"message":"You exceeded your quota","type":"t"}}')
  })

  it.each([
    [401, 'Incorrect API key'],
    [402, 'Payment required'],
    [403, 'forbidden'],
    [429, 'rate limit'],
    [400, 'Your credit balance is too low'],
    [500, 'oops'],
    [503, 'overloaded'],
    [529, 'overloaded'],
  ])('reach the gateway as one neutral 400 where %i “%s” would cost it the key', async (status, message) => {
    const { world } = await setUp(fail(status, message, { 'retry-after': '30', 'x-should-retry': 'true' }))
    const reply = await post(world, chatBody(), keys.gateway)
    const text = await reply.text()
    const advice = ['retry-after', 'x-should-retry'].map((name) => reply.headers.get(name))
    expect([reply.status, ...advice]).toEqual([400, '30', null])
    expect(JSON.parse(text)).toMatchObject({ error: { type: 'invalid_request_error' } })
    expect(text).not.toMatch(/quota|budget|billing|credit|payment|limit|key|overload|\b[45]\d\d\b/i)
    await until(() => world.meter.released.length === 1, 'the release')
    expect(world.log.entries.at(-1)).toMatchObject({ status: 400, detail: { provider_status: status } })
  })

  it('reach the gateway as they are when they are about its request', async () => {
    const { world } = await setUp(fail(400, 'prompt is too long: 210000 tokens'))
    const reply = await post(world, chatBody(), keys.gateway)
    expect(reply.status).toBe(400)
    expect(await reply.text()).toContain('prompt is too long: 210000 tokens')
  })

  it('that say a secret say it redacted', async () => {
    const { world } = await setUp(fail(401, `bad key ${sampleSecret}`))
    expect(await (await post(world)).text()).toContain('bad key [REDACTED_SAMPLE]')
  })

  it('inside a stream are neutral for the gateway', async () => {
    const error = 'data: {"error":{"message":"insufficient_quota"}}\n\n'
    const { world } = await setUp((reply) => void reply.writeHead(200, eventStream).end(event('a') + error))
    const text = await (await post(world, streaming, keys.gateway)).text()
    expect(text.startsWith(event('a'))).toBe(true)
    expect(text).not.toContain('quota')
    expect(await (await post(world, streaming)).text()).toBe(event('a') + error)
  })

  it('tell a plain client 502 when nobody listens there, and give the reservation back', async () => {
    const { world, upstream } = await setUp(hang)
    await upstream.close()
    const reply = await post(world)
    expect(reply.status).toBe(502)
    await until(() => world.meter.released.length === 1, 'the release')
    const guarded = await post(world, chatBody(), keys.gateway)
    expect(guarded.status).toBe(400)
    expect(await guarded.text()).toContain('the model provider did not answer this request')
  })

  it('tell a plain client 504 when the provider says nothing, and settle what it may bill', async () => {
    const { world } = await setUp(() => {}, { upstreamTimeoutMs: 60 })
    const reply = await post(world)
    expect(reply.status).toBe(504)
    await until(() => world.meter.settled.length === 1, 'the settlement')
    expect(world.meter.settled[0]).toMatchObject({ inputTokens: chatBody().length, outputTokens: 0, exact: false })
  })

  it('end a stream with an error event when the provider falls silent in the middle', async () => {
    const { world } = await setUp(hang, { idleStreamTimeoutMs: 60 })
    const sdk = new OpenAI({ baseURL: `${world.url}/v1`, apiKey: keys.plain, maxRetries: 0 })
    const request = { model: 'm', messages: [{ role: 'user' as const, content: 'x' }], stream: true as const }
    await expect(sdk.chat.completions.create(request).then(collect)).rejects.toThrow('the provider broke off')
    await until(() => world.meter.settled.length === 1, 'the settlement')
    expect(world.meter.settled[0]).toMatchObject({ outputTokens: 'first words'.length, exact: false })
  })
})

describe('ending early', () => {
  it('stops the provider when the client leaves, and settles what was seen', async () => {
    const { world, upstream } = await setUp(hang)
    const leaving = new AbortController()
    const headers = { authorization: `Bearer ${keys.plain}` }
    const request = { method: 'POST', headers, body: streaming, signal: leaving.signal }
    const reply = await fetch(`${world.url}/v1/chat/completions`, request)
    await reply.body!.getReader().read()
    leaving.abort()
    await until(() => upstream.aborted === 1 && world.proxy.active().length === 0, 'the end of both sides')
    expect(world.meter.settled[0]).toMatchObject({ outputTokens: 'first words'.length, exact: false })
    expect(world.log.entries.at(-1)).toMatchObject({ status: 499, result_summary: 'the client left' })
  })

  it('cuts a running stream in an instant and says why', async () => {
    const { world, upstream } = await setUp(hang)
    const reply = await post(world, streaming, keys.gateway)
    const reading = reply.text().catch((error: unknown) => String(error))
    await until(() => world.proxy.active()[0]?.turn?.agentId === 'main', 'the stream')
    expect(world.proxy.cut((visit) => visit.turn?.agentId === 'other', 'x')).toBe(0)
    expect(world.proxy.cut((visit) => visit.turn?.agentId === 'main', 'agent main was disabled')).toBe(1)
    await until(() => upstream.aborted === 1 && world.proxy.active().length === 0, 'the end of both sides')
    await reading
    expect(world.log.entries.at(-1)).toMatchObject({ result_summary: 'agent main was disabled' })
  })

  const canary = ['canary', 'word', '17'].join('-')
  const cut = { rule: 'canary.seen', reason: 'the answer says a word that only a trap holds' }
  const answerFinders = [
    {
      find: (text: string) => {
        const start = text.indexOf(canary)
        return start === -1 ? [] : [{ type: 'canary', start, end: start + canary.length, cut }]
      },
      pending: (text: string) => (text.endsWith('canary-') ? 7 : 0),
    },
  ]

  it('ends a stream in which a canary is said, with an alert', async () => {
    const upstream = await openUpstream((reply) => {
      reply.writeHead(200, eventStream).write(event('first words canary-') + event(canary.slice(7)))
    })
    const content = { ...fakeContent, answerFinders }
    const world = await openWorld([providerAt(upstream.url, 'openai-chat')], { ports: { content } })
    open.push(upstream, world.proxy)
    const sdk = new OpenAI({ baseURL: `${world.url}/v1`, apiKey: keys.plain, maxRetries: 0 })
    const request = { model: 'm', messages: [{ role: 'user' as const, content: 'x' }], stream: true as const }
    await expect(sdk.chat.completions.create(request).then(collect)).rejects.toThrow(cut.reason)
    await until(() => upstream.aborted === 1 && world.proxy.active().length === 0, 'the end of both sides')
    const alert = world.log.entries.find(({ event_type }) => event_type === 'alert')
    expect(alert).toMatchObject({ rule: 'canary.seen', severity: 'critical', user: 'ci' })
    expect(world.log.entries.at(-1)).toMatchObject({ result_summary: cut.reason })
  })

  it('refuses a whole answer in which a canary is said', async () => {
    const said = `{"choices":[{"message":{"content":"it is ${canary}"}}]}`
    const upstream = await openUpstream((reply) => void reply.writeHead(200, json).end(said))
    const content = { ...fakeContent, answerFinders }
    const world = await openWorld([providerAt(upstream.url, 'openai-chat')], { ports: { content } })
    open.push(upstream, world.proxy)
    const reply = await post(world)
    expect([reply.status, await reply.text()]).toEqual([403, expect.stringContaining('canary.seen')])
    await until(() => world.log.entries.length === 4, 'decision, alert, refusal and outcome')
    expect(world.log.entries[1]).toMatchObject({ event_type: 'alert', rule: 'canary.seen' })
  })

  it('cuts a call that still waits for its answer with a refusal', async () => {
    const { world, upstream } = await setUp(() => {})
    const reply = post(world, chatBody(), keys.gateway)
    await until(() => upstream.seen.length === 1, 'the request')
    world.proxy.cut(() => true, 'all agents are paused')
    expect(await (await reply).text()).toContain('all agents are paused')
    await until(() => upstream.aborted === 1, 'the provider’s side')
    expect(world.log.entries.at(-2)).toMatchObject({ decision: 'deny', rule: 'kill-switch.cut' })
  })

  it('cuts a call that was not sent yet before it is sent', async () => {
    const { world, upstream } = await setUp(hang)
    const { reserve } = world.ports.meter
    const gate = Promise.withResolvers<void>()
    world.ports.meter.reserve = (claim) => gate.promise.then(() => reserve(claim))
    const reply = post(world)
    await until(() => world.proxy.active()[0]?.who?.name === 'ci', 'the call')
    world.proxy.cut(() => true, 'paused')
    gate.resolve()
    expect((await reply).status).toBe(403)
    expect(upstream.seen).toEqual([])
    await until(() => world.meter.released.length === 1, 'the release')
  })

  it('ends with a client that stopped reading', async () => {
    const endless: Answer = (reply) => {
      reply.writeHead(200, eventStream)
      const more = (): void => {
        while (!reply.destroyed && reply.write(event('x'.repeat(1000))));
      }
      reply.on('drain', more)
      more()
    }
    const { world, upstream } = await setUp(endless, { idleStreamTimeoutMs: 1_000 })
    const { hostname, port } = new URL(world.url)
    const socket = connect(Number(port), hostname)
    socket.on('error', () => {})
    socket.pause()
    const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${keys.plain}\r\n`
    socket.write(`${head}content-length: ${streaming.length}\r\n\r\n${streaming}`)
    await until(() => upstream.aborted === 1 && world.proxy.active().length === 0, 'the end of both sides')
    expect(world.log.entries.at(-1)).toMatchObject({ result_summary: 'the client stopped reading' })
    socket.destroy()
  })
})
