import type { ServerResponse } from 'node:http'
import { connect } from 'node:net'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { afterEach, describe, expect, it } from 'vitest'
import { HardshellError } from '../../base/index.ts'
import {
  collect,
  keys,
  openUpstream,
  openWorld,
  providerAt,
  until,
  type Upstream,
  type World,
} from './fakes.test.kit.ts'
import { createModelProxy } from './model-proxy.ts'
import type { Provider } from './ports.ts'
import { scriptedModel } from './scripted.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

async function world(providers: readonly Provider[], more?: Parameters<typeof openWorld>[1]): Promise<World> {
  const made = await openWorld(providers, more)
  open.push(made.proxy)
  return made
}

async function upstream(answer: Parameters<typeof openUpstream>[0]): Promise<Upstream> {
  const made = await openUpstream(answer)
  open.push(made)
  return made
}

const scripted = (name: string, api: Provider['api']): Provider => ({
  name,
  api,
  baseUrl: 'http://unused.invalid',
  key: async () => null,
  local: scriptedModel,
})
const both = [scripted('built-in', 'openai-chat'), scripted('built-in-claude', 'anthropic-messages')]

const openai = (url: string, key = keys.plain) => new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 })
const anthropic = (url: string, key = keys.plain) => new Anthropic({ baseURL: url, apiKey: key, maxRetries: 0 })

const emptyAnswer = (reply: ServerResponse): void =>
  void reply.writeHead(200, { 'content-type': 'application/json' }).end('{}')

const user = (content: string) => [{ role: 'user' as const, content }]

describe('the official OpenAI SDK', () => {
  it('gets a whole answer from the built-in model', async () => {
    const { url, meter } = await world(both)
    const request = { model: 'm', messages: user('SAY:hello'), max_tokens: 7, n: 1 }
    const answer = await openai(url).chat.completions.create(request)
    expect(answer.choices[0]).toMatchObject({ message: { content: 'hello' }, finish_reason: 'stop' })
    expect(answer.usage?.total_tokens).toBeGreaterThan(0)
    expect(meter.claims[0]).toMatchObject({ provider: 'built-in', model: 'm', maxOutputTokens: 7, free: false })
  })

  it('gets a stream, without the usage chunk it did not ask for', async () => {
    const { url, meter } = await world(both)
    const text = 'one two three four five six seven eight'
    const request = { model: 'm', messages: user(`SAY:${text}`), stream: true as const }
    const stream = await openai(url).chat.completions.create(request)
    const chunks = await collect(stream)
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe(text)
    expect(chunks.every((chunk) => chunk.choices.length > 0)).toBe(true)
    await until(() => meter.settled.length === 1, 'the settlement')
    expect(meter.settled[0]).toMatchObject({ exact: true })
  })

  it('gets the usage chunk when it asks for it', async () => {
    const { url } = await world(both)
    const asked = { stream: true as const, stream_options: { include_usage: true } }
    const request = { model: 'm', messages: user('SAY:x'), ...asked }
    const chunks = await collect(await openai(url).chat.completions.create(request))
    expect(chunks.at(-1)?.usage?.completion_tokens).toBe(1)
  })

  it('gets a tool call, reports its result, and reads the end of it', async () => {
    const { url } = await world(both)
    const order = user('TOOL:read {"path":"a.txt"}')
    const first = await openai(url).chat.completions.create({ model: 'm', messages: order })
    const [call] = first.choices[0]!.message.tool_calls ?? []
    expect(call).toMatchObject({ type: 'function', function: { name: 'read', arguments: '{"path":"a.txt"}' } })
    const messages = [
      ...order,
      first.choices[0]!.message,
      { role: 'tool' as const, tool_call_id: call!.id, content: 'forty-two' },
    ]
    const second = await openai(url).chat.completions.create({ model: 'm', messages })
    expect(second.choices[0]!.message.content).toBe('TOOL_RESULT<<forty-two>>')
  })

  it('lists models', async () => {
    const { url } = await world(both)
    const list = await openai(url).models.list()
    expect(list.data.map(({ id }) => id)).toEqual(['built-in'])
  })
})

describe('the official Anthropic SDK', () => {
  it('gets a whole answer from the built-in model', async () => {
    const { url, meter } = await world(both)
    const answer = await anthropic(url).messages.create({ model: 'c', max_tokens: 50, messages: user('SAY:hello') })
    expect(answer.content).toMatchObject([{ type: 'text', text: 'hello' }])
    expect(answer.stop_reason).toBe('end_turn')
    expect(meter.claims[0]).toMatchObject({ provider: 'built-in-claude', maxOutputTokens: 50 })
  })

  it('gets a stream of text', async () => {
    const { url } = await world(both)
    const text = 'a sentence that is longer than one delta of the stream'
    const stream = anthropic(url).messages.stream({ model: 'c', max_tokens: 50, messages: user(`SAY:${text}`) })
    expect(await stream.finalText()).toBe(text)
    expect((await stream.finalMessage()).usage.output_tokens).toBeGreaterThan(0)
  })

  it('gets a stream with a tool call', async () => {
    const { url } = await world(both)
    const request = { model: 'c', max_tokens: 50, messages: user('TOOL:exec {"command":"id"}') }
    const message = await anthropic(url).messages.stream(request).finalMessage()
    expect(message.stop_reason).toBe('tool_use')
    expect(message.content).toMatchObject([{ type: 'tool_use', name: 'exec', input: { command: 'id' } }])
  })

  it('counts tokens without touching the budget', async () => {
    const { url, meter, log } = await world(both)
    const count = await anthropic(url).messages.countTokens({ model: 'c', messages: user('hello') })
    expect(count.input_tokens).toBeGreaterThan(0)
    expect(meter.claims).toEqual([])
    expect(log.entries[0]).toMatchObject({ decision: 'allow', target: 'POST /v1/messages/count_tokens' })
  })

  it('lists models of the Anthropic provider', async () => {
    const { url } = await world(both)
    expect((await anthropic(url).models.list()).data[0]).toMatchObject({ id: 'built-in-claude' })
  })
})

describe('towards a provider', () => {
  it('swaps the virtual key for the real one and sends the body as it came', async () => {
    const provider = await upstream(emptyAnswer)
    const { url } = await world([providerAt(`${provider.url}/prefix/`, 'openai-chat', 'open')])
    const body = '{ "model":"m",  "messages":[], "temperature":1.0, "seed":12345678901234567890 }'
    const headers = { authorization: `Bearer ${keys.plain}`, cookie: 'a=b', 'x-custom': 'dropped', 'openai-beta': 'kept' }
    await fetch(`${url}/p/open/v1/chat/completions?api-version=1`, { method: 'POST', headers, body })
    expect(provider.seen[0]).toMatchObject({ url: '/prefix/v1/chat/completions?api-version=1', body })
    expect(provider.seen[0]!.headers).toMatchObject({ authorization: 'Bearer real-provider-key', 'openai-beta': 'kept' })
    expect(provider.seen[0]!.headers['x-custom']).toBeUndefined()
    expect(JSON.stringify(provider.seen[0]!.headers)).not.toMatch(/virtual-|a=b/)
  })

  it('sends Anthropic its key as x-api-key', async () => {
    const provider = await upstream(emptyAnswer)
    const { url } = await world([providerAt(provider.url, 'anthropic-messages')])
    await anthropic(url).messages.create({ model: 'c', max_tokens: 1, messages: user('x') })
    const version = expect.any(String) as string
    expect(provider.seen[0]!.headers).toMatchObject({ 'x-api-key': 'real-provider-key', 'anthropic-version': version })
    expect(provider.seen[0]!.headers.authorization).toBeUndefined()
  })

  it('passes the client’s own credential on when it holds none itself', async () => {
    const provider = await upstream(emptyAnswer)
    const anybody = { name: 'anybody', permissions: [], turnRequired: false, free: false, refusal: 'http' as const, presentsOwnKey: true as const }
    const own = { ...providerAt(provider.url, 'openai-chat'), key: async () => null }
    const { url } = await world([own], { ports: { authenticate: () => anybody } })
    await openai(url, 'client-own-key').chat.completions.create({ model: 'm', messages: user('x') })
    expect(provider.seen[0]!.headers.authorization).toBe('Bearer client-own-key')
  })

  it('asks for usage in a stream without touching any other byte', async () => {
    const provider = await upstream((reply) => void reply.writeHead(200, { 'content-type': 'text/event-stream' }).end())
    const { url } = await world([providerAt(provider.url, 'openai-chat')])
    const send = async (body: string): Promise<string> => {
      const headers = { authorization: `Bearer ${keys.plain}` }
      await (await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body })).text()
      return provider.seen.at(-1)!.body
    }
    const rest = '"model":"m", "messages":[],"stream": true, "seed":12345678901234567890 }'
    expect(await send(`{ ${rest}`)).toBe(`{"stream_options":{"include_usage":true}, ${rest}`)
    expect(await send(`{"stream_options": null, ${rest}`)).toBe(`{"stream_options":{"include_usage":true}, ${rest}`)
    expect(await send(`{"stream_options":{"include_obfuscation":false}, ${rest}`)).toBe(
      `{"stream_options":{"include_usage":true,"include_obfuscation":false}, ${rest}`,
    )
  })

  it('sends the meter’s output limit along when the client set none', async () => {
    const provider = await upstream(emptyAnswer)
    const { url, meter } = await world([providerAt(provider.url, 'openai-chat')])
    meter.cap = 1000
    await openai(url).chat.completions.create({ model: 'm', messages: user('x'), n: 3 })
    expect(JSON.parse(provider.seen[0]!.body)).toMatchObject({ max_completion_tokens: 333 })
  })

  it('multiplies the limit of one answer by the number of answers', async () => {
    const { url, meter } = await world(both)
    await openai(url).chat.completions.create({ model: 'm', messages: user('x'), n: 4, max_completion_tokens: 25 })
    expect(meter.claims[0]!.maxOutputTokens).toBe(100)
  })
})

describe('the proxy itself', () => {
  it('refuses to be made of providers that are declared wrongly', async () => {
    const { ports } = await world(both)
    const make = (baseUrl: string): unknown =>
      createModelProxy({ providers: [providerAt(baseUrl, 'openai-chat', 'x')] }, ports)
    expect(() => make('https://api.openai.com/v1')).toThrow('provider x: baseUrl stands without `/v1`')
    expect(() => make('ftp://x')).toThrow('must be an http or https address')
    expect(() => createModelProxy({ providers: [both[0]!, both[0]!] }, ports)).toThrow('the name is used twice')
  })

  it('says which address it could not get', async () => {
    const first = await world(both)
    const port = Number(new URL(first.url).port)
    const second = createModelProxy({ providers: both }, first.ports)
    await expect(second.listen({ host: '127.0.0.1', port })).rejects.toThrow(HardshellError)
  })

  it('answers whoever asks while many others only open connections', async () => {
    const { url } = await world(both, { options: { maxConcurrent: 4 } })
    const { hostname, port } = new URL(url)
    const silent = Array.from({ length: 50 }, (_, n) => {
      const socket = connect(Number(port), hostname, () => socket.write(n % 2 ? 'POST /v1/chat' : ''))
      return socket.on('error', () => {})
    })
    await Promise.all(silent.map((socket) => new Promise((resolve) => socket.once('connect', resolve))))
    const answer = await openai(url).chat.completions.create({ model: 'm', messages: user('SAY:hello') })
    expect(answer.choices[0]!.message.content).toBe('hello')
    for (const socket of silent) socket.destroy()
  })

  it('closes in spite of a stream under way, and writes its outcome', async () => {
    const { url, proxy, log } = await openWorld(both)
    const stream = await openai(url).chat.completions.create({ model: 'm', messages: user('SLOW:60 x'), stream: true })
    const reading = collect(stream)
    reading.catch(() => {})
    await until(() => proxy.active().length === 1, 'the stream')
    await proxy.close()
    await expect(reading).rejects.toThrow('the guard is stopping')
    expect(log.entries.at(-1)).toMatchObject({ status: 200, result_summary: 'the guard is stopping' })
  })
})
