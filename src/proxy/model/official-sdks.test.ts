import Anthropic from '@anthropic-ai/sdk'
import { ApiError, GoogleGenAI } from '@google/genai'
import OpenAI from 'openai'
import { afterEach, describe, expect, it } from 'vitest'
import { collect, keys, openUpstream, openWorld, providerAt, sampleSecret, traceparent, until, type Upstream, type World } from './fakes.test.kit.ts'
import type { ModelProxyPorts, Provider } from './ports.ts'
import { scriptedModel } from './scripted.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

async function world(providers: readonly Provider[], ports: Partial<ModelProxyPorts> = {}): Promise<World> {
  const made = await openWorld(providers, { ports })
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
const builtIn = [scripted('responses', 'openai-responses'), scripted('gemini', 'google-generative'), scripted('claude', 'anthropic-messages')]

const openai = (url: string, apiKey = keys.plain, headers = {}) =>
  new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0, defaultHeaders: headers })
const google = (baseUrl: string, apiKey = keys.plain, headers = {}) =>
  new GoogleGenAI({ apiKey, httpOptions: { baseUrl, headers } })
const anthropic = (url: string) => new Anthropic({ baseURL: url, apiKey: keys.plain, maxRetries: 0 })

const weather = { type: 'function' as const, name: 'weather', parameters: { type: 'object' }, strict: false }
const long = 'a sentence that is longer than one part of the stream'

describe('the official OpenAI SDK on Responses', () => {
  it('gets a whole answer and a stream from the built-in model', async () => {
    const { url, meter } = await world(builtIn)
    const answer = await openai(url).responses.create({ model: 'm', input: `SAY:${long}`, max_output_tokens: 9 })
    expect(answer).toMatchObject({ output_text: long, status: 'completed' })
    expect(meter.claims[0]).toMatchObject({ provider: 'responses', model: 'm', maxOutputTokens: 9, serviceTier: null })
    const stream = openai(url).responses.stream({ model: 'm', input: [{ role: 'user', content: `SAY:${long}` }], service_tier: 'priority' })
    expect((await stream.finalResponse()).output_text).toBe(long)
    await until(() => meter.settled.length === 2, 'the settlement')
    expect(meter.settled[1]).toMatchObject({ exact: true })
    expect(meter.claims[1]).toMatchObject({ serviceTier: 'priority' })
  })

  it('gets a function call, reports its output, and reads the end of it', async () => {
    const { url } = await world(builtIn)
    const input = [{ role: 'user' as const, content: 'TOOL:weather {"city":"Oslo"}' }]
    const first = await openai(url).responses.stream({ model: 'm', input, tools: [weather] }).finalResponse()
    const [call] = first.output
    if (call?.type !== 'function_call') throw new Error(`not a call: ${JSON.stringify(first.output)}`)
    expect(call).toMatchObject({ name: 'weather', arguments: '{"city":"Oslo"}' })
    const told = [...input, call, { type: 'function_call_output' as const, call_id: call.call_id, output: 'rain' }]
    expect((await openai(url).responses.create({ model: 'm', input: told })).output_text).toBe('TOOL_RESULT<<rain>>')
  })

  it('counts tokens and lists models without touching the budget', async () => {
    const { url, meter } = await world(builtIn)
    expect((await openai(url).responses.inputTokens.count({ model: 'm', input: 'hello' })).input_tokens).toBeGreaterThan(0)
    expect((await openai(url).models.list()).data[0]).toMatchObject({ id: 'responses' })
    expect(await openai(url).models.retrieve('gpt-5-mini')).toMatchObject({ id: 'gpt-5-mini', object: 'model' })
    expect(meter.claims).toEqual([])
  })

  it('is told what is not served: answers nobody could settle, and what others left behind', async () => {
    const { url } = await world(builtIn)
    const background = openai(url).responses.create({ model: 'm', input: 'x', background: true })
    await expect(background).rejects.toMatchObject({ status: 400, message: expect.stringContaining('background') })
    const picture = openai(url).responses.create({ model: 'm', input: 'x', tools: [{ type: 'image_generation' }] })
    await expect(picture).rejects.toMatchObject({ status: 400, message: expect.stringContaining('image_generation') })
    for (const stored of [openai(url).responses.retrieve('resp_1'), openai(url).responses.inputItems.list('resp_1'), openai(url).responses.cancel('resp_1')]) {
      await expect(stored).rejects.toMatchObject({ status: 404 })
    }
  })
})

describe('the official Google SDK', () => {
  const model = 'gemini-2.5-flash'

  it('gets a whole answer and a stream from the built-in model', async () => {
    const { url, meter } = await world(builtIn)
    const contents = `SAY:${long}`
    const answer = await google(url).models.generateContent({ model, contents, config: { maxOutputTokens: 9, candidateCount: 2 } })
    expect(answer.text).toBe(long)
    expect(meter.claims[0]).toMatchObject({ provider: 'gemini', model, maxOutputTokens: 18 })
    const chunks = await collect(await google(url).models.generateContentStream({ model, contents }))
    expect(chunks.map(({ text }) => text).join('')).toBe(long)
    expect(chunks.at(-1)?.candidates?.[0]?.finishReason).toBe('STOP')
  })

  it('gets a function call, reports its response, and reads the end of it', async () => {
    const { url } = await world(builtIn)
    const asked = { role: 'user', parts: [{ text: 'TOOL:weather {"city":"Oslo"}' }] }
    const first = await google(url).models.generateContent({ model, contents: [asked] })
    expect(first.functionCalls).toMatchObject([{ name: 'weather', args: { city: 'Oslo' } }])
    const told = { role: 'user', parts: [{ functionResponse: { name: 'weather', response: { output: 'rain' } } }] }
    const second = await google(url).models.generateContent({ model, contents: [asked, first.candidates![0]!.content!, told] })
    expect(second.text).toBe('TOOL_RESULT<<rain>>')
  })

  it('counts tokens and lists models without touching the budget', async () => {
    const { url, meter } = await world(builtIn)
    expect((await google(url).models.countTokens({ model, contents: 'hello' })).totalTokens).toBeGreaterThan(0)
    expect((await google(url).models.list()).page[0]).toMatchObject({ name: 'models/gemini' })
    expect(await google(url).models.get({ model })).toMatchObject({ name: `models/${model}` })
    expect(meter.claims).toEqual([])
  })
})

const reason = 'agent main is disabled; run: hardshell agent enable main'
const disabled = { decide: () => ({ allow: false, rule: 'kill-switch.agent-disabled', reason }) }

describe('a refusal', () => {
  it('is a well-formed answer of every API to OpenClaw’s key, whole and streaming', async () => {
    const { url } = await world(builtIn, disabled)
    const headers = { traceparent }
    const said: (string | undefined)[] = []
    said.push((await openai(url, keys.gateway, headers).responses.create({ model: 'm', input: 'x' })).output_text)
    said.push((await openai(url, keys.gateway, headers).responses.stream({ model: 'm', input: 'x' }).finalResponse()).output_text)
    const gemini = google(url, keys.gateway, headers).models
    said.push((await gemini.generateContent({ model: 'g', contents: 'x' })).text)
    said.push((await collect(await gemini.generateContentStream({ model: 'g', contents: 'x' }))).map(({ text }) => text).join(''))
    for (const text of said) expect(text).toMatch(/^Refused by Hardshell: agent main is disabled.* \(rule kill-switch\.agent-disabled, visit /)
  })

  it('is the status of plain HTTP to everybody else, in the words of the API', async () => {
    const { url } = await world(builtIn, disabled)
    await expect(openai(url).responses.create({ model: 'm', input: 'x' })).rejects.toMatchObject({ status: 403, type: 'invalid_request_error' })
    const refused = google(url).models.generateContent({ model: 'g', contents: 'x' })
    await expect(refused).rejects.toThrow(ApiError)
    await expect(refused).rejects.toMatchObject({ status: 403, message: expect.stringContaining('PERMISSION_DENIED') })
  })
})

const tooMany = {
  openai: { error: { message: 'slow down', type: 'rate_limit_error', param: null, code: 'rate_limit_exceeded' } },
  google: { error: { code: 429, message: 'slow down', status: 'RESOURCE_EXHAUSTED', details: [{ retryDelay: '7s' }] } },
  anthropic: { type: 'error', error: { type: 'rate_limit_error', message: 'slow down' } },
}

describe('an error of the provider', () => {
  it('reaches every SDK as it was, with its advice when to come back', async () => {
    const failing = await upstream((reply, { url }) => {
      const body = url.includes('models/') ? tooMany.google : url.includes('messages') ? tooMany.anthropic : tooMany.openai
      reply.writeHead(429, { 'content-type': 'application/json', 'retry-after': '7' }).end(JSON.stringify(body))
    })
    const apis: Provider['api'][] = ['openai-chat', 'anthropic-messages', 'google-generative']
    const { url, meter } = await world(apis.map((api) => providerAt(failing.url, api)))
    const messages = [{ role: 'user' as const, content: 'x' }]
    const errors = await Promise.all([
      openai(url).chat.completions.create({ model: 'm', messages }).catch((error: unknown) => error),
      openai(url).responses.create({ model: 'm', input: 'x', stream: true }).catch((error: unknown) => error),
      anthropic(url).messages.create({ model: 'm', max_tokens: 5, messages }).catch((error: unknown) => error),
    ])
    for (const error of errors as InstanceType<typeof OpenAI.APIError>[]) {
      expect(error).toMatchObject({ status: 429, message: expect.stringContaining('slow down') })
      expect(error.headers?.get('retry-after')).toBe('7')
    }
    const gemini = google(url).models.generateContent({ model: 'g', contents: 'x' })
    await expect(gemini).rejects.toMatchObject({ status: 429, message: expect.stringContaining('RESOURCE_EXHAUSTED') })
    await until(() => meter.released.length === 4, 'the money to be given back')
  })
})

describe('a client that leaves in the middle', () => {
  it('ends the call at the provider, whatever API it speaks', async () => {
    const endless = await upstream((reply, { url }) => {
      reply.writeHead(200, { 'content-type': 'text/event-stream' })
      const text = `part ${'x'.repeat(40)} `
      const events: Record<string, object> = {
        '/v1/responses': { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: text },
        '/v1/messages': { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
        '/v1/chat/completions': { choices: [{ index: 0, delta: { content: text } }] },
      }
      const event = events[url] ?? { candidates: [{ content: { parts: [{ text }] } }] }
      const name = 'type' in event ? `event: ${String(event.type)}\n` : ''
      const timer = setInterval(() => reply.write(`${name}data: ${JSON.stringify(event)}\n\n`), 5)
      reply.on('close', () => clearInterval(timer))
    })
    const apis: Provider['api'][] = ['openai-chat', 'anthropic-messages', 'google-generative']
    const { url, meter } = await world(apis.map((api) => providerAt(endless.url, api)))
    const messages = [{ role: 'user' as const, content: 'x' }]
    const firstOf = async (stream: AsyncIterable<unknown>): Promise<unknown> => {
      for await (const event of stream) return event // leaving the loop ends the request
      throw new Error('the stream was empty')
    }
    expect(await firstOf(await openai(url).chat.completions.create({ model: 'm', messages, stream: true }))).toHaveProperty('choices')
    expect(await firstOf(await openai(url).responses.create({ model: 'm', input: 'x', stream: true }))).toHaveProperty('delta')
    expect(await firstOf(await anthropic(url).messages.create({ model: 'm', max_tokens: 5, messages, stream: true }))).toHaveProperty('delta')
    const leaving = new AbortController()
    const gemini = await google(url).models.generateContentStream({ model: 'g', contents: 'x', config: { abortSignal: leaving.signal } })
    expect((await gemini.next()).value).toHaveProperty('candidates')
    leaving.abort()
    await until(() => endless.aborted === 4, 'the provider to be left alone')
    await until(() => meter.settled.length === 4, 'the settlements')
    for (const settled of meter.settled) expect(settled).toMatchObject({ exact: false, outputTokens: expect.any(Number) })
  })
})

describe('a secret in an answer', () => {
  it('is taken out of the arguments and texts of both new APIs, however it is cut', async () => {
    const half = sampleSecret.slice(0, 9)
    const rest = sampleSecret.slice(9)
    const chunk = (part: object, more: object = {}) => ({ candidates: [{ index: 0, content: { parts: [part] }, ...more }] })
    const leaking = await upstream((reply, { url }) => {
      reply.writeHead(200, { 'content-type': 'text/event-stream' })
      const at = { item_id: 'i', output_index: 0, content_index: 0 }
      const events = url.startsWith('/v1/responses')
        ? [
            { type: 'response.output_text.delta', ...at, delta: `it is ${half}`, logprobs: [{ token: half }] },
            { type: 'response.output_text.delta', ...at, delta: `${rest} ok`, logprobs: [{ token: rest }] },
            { type: 'response.output_text.done', ...at, text: `it is ${sampleSecret} ok` },
            { type: 'response.function_call_arguments.delta', item_id: 'f', output_index: 1, delta: `{"key":"line\\n${half}` },
            { type: 'response.function_call_arguments.delta', item_id: 'f', output_index: 1, delta: `${rest}"}` },
            { type: 'response.completed', response: { status: 'completed', output: [], usage: { input_tokens: 1, output_tokens: 1 } } },
          ]
        : [
            chunk({ text: `it is ${half}` }),
            chunk({ text: `${rest} ok` }),
            chunk({ functionCall: { name: 'send', args: { [`to ${sampleSecret}`]: [sampleSecret] } }, thoughtSignature: sampleSecret }),
            chunk({ functionCall: { partialArgs: [{ jsonPath: '$.a', stringValue: half, willContinue: true }] } }),
            chunk({ functionCall: { partialArgs: [{ jsonPath: '$.a', stringValue: rest }] } }),
            chunk({ text: '' }, { finishReason: 'STOP' }),
          ]
      reply.end(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''))
    })
    const { url, log } = await world([providerAt(leaking.url, 'openai-responses'), providerAt(leaking.url, 'google-generative')])
    const events = await collect(await openai(url).responses.create({ model: 'm', input: 'x', stream: true }))
    expect(JSON.stringify(events)).toContain('[REDACTED_SAMPLE]')
    expect(JSON.stringify(events)).not.toContain(rest)
    const chunks = await collect(await google(url).models.generateContentStream({ model: 'g', contents: 'x' }))
    const parts = chunks.map((event) => event.candidates![0]!.content!.parts![0]!)
    expect(parts.map(({ text = '' }) => text).join('')).toBe('it is [REDACTED_SAMPLE] ok')
    expect(parts[2]).toEqual({
      functionCall: { name: 'send', args: { 'to [REDACTED_SAMPLE]': ['[REDACTED_SAMPLE]'] } },
      thoughtSignature: sampleSecret, // the provider's proof goes back to it as it came
    })
    expect(JSON.stringify([parts[3], parts[4]])).not.toContain(rest)
    await until(() => log.entries.filter(({ status }) => status === 200).length === 2, 'both outcomes')
  })
})
