import { afterEach, describe, expect, it } from 'vitest'
import { keys, openUpstream, openWorld, providerAt, until, type Upstream, type World } from './fakes.test.kit.ts'
import type { Provider } from './ports.ts'

let upstream: Upstream | undefined
let world: World | undefined
afterEach(async () => {
  await world?.proxy.close()
  await upstream?.close()
})

async function open(more: Partial<Provider> & Pick<Provider, 'api'>, type = 'application/json', answer = '{}'): Promise<void> {
  upstream = await openUpstream((reply) => void reply.writeHead(200, { 'content-type': type }).end(answer))
  world = await openWorld([{ ...providerAt(upstream.url, more.api), ...more }])
}

async function send(path: string, body: string): Promise<{ status: number; text: string; sent: string | undefined }> {
  const seen = upstream!.seen.length
  const reply = await fetch(world!.url + path, { method: 'POST', headers: { authorization: `Bearer ${keys.plain}` }, body })
  return { status: reply.status, text: await reply.text(), sent: upstream!.seen[seen]?.body }
}

const chat = '{"model":"m","messages":[],"stream":true}'

describe('a provider that refuses to be asked what a stream costs', () => {
  it('gets the request as it came, and the stream is charged by its bytes', async () => {
    const event = `data: {"choices":[{"index":0,"delta":{"content":"hello"},"finish_reason":"stop"}]}\n\n`
    await open({ api: 'openai-chat', usageInStream: 'never' }, 'text/event-stream', event)
    const { sent, text } = await send('/v1/chat/completions', chat)
    expect([sent, text]).toEqual([chat, event])
    await until(() => world!.meter.settled.length === 1, 'the settlement')
    expect(world!.meter.settled[0]).toMatchObject({ exact: false, inputTokens: chat.length, outputTokens: 5 })
  })
})

describe('the output limit the meter wants', () => {
  const google = '/v1beta/models/g:generateContent'

  it('is put into OpenAI Responses at the top', async () => {
    await open({ api: 'openai-responses' })
    world!.meter.cap = 700
    expect((await send('/v1/responses', '{"model":"m","input":"x"}')).sent).toBe('{"max_output_tokens":700,"model":"m","input":"x"}')
  })

  it('is put into Gemini where Gemini looks for it, shared among its answers', async () => {
    await open({ api: 'google-generative' })
    world!.meter.cap = 700
    expect((await send(google, '{"contents":[]}')).sent).toBe('{"generationConfig":{"maxOutputTokens":700},"contents":[]}')
    const two = '{"contents":[], "generationConfig": {"candidateCount":2,"temperature":0.5} }'
    expect((await send(google, two)).sent).toBe('{"contents":[], "generationConfig":{"candidateCount":2,"temperature":0.5,"maxOutputTokens":350}}')
  })

  it('is left out where the client set one, which is then the bound', async () => {
    await open({ api: 'google-generative' })
    const body = '{"contents":[],"generationConfig":{"maxOutputTokens":9,"candidateCount":2},"serviceTier":"PRIORITY"}'
    expect((await send(google, body)).sent).toBe(body)
    expect(world!.meter.claims[0]).toMatchObject({ model: 'g', maxOutputTokens: 18, serviceTier: 'priority' })
  })

  it.each([
    ['the other spelling', '{"contents":[],"generation_config":{}}', 'generationConfig'],
    ['the other spelling inside', '{"contents":[],"generationConfig":{"maxOutputTokens":1,"max_output_tokens":9999}}', 'maxOutputTokens'],
    ['a limit given twice', '{"contents":[],"generationConfig":{"maxOutputTokens":1,"maxOutputTok\\u0065ns":9999}}', 'twice'],
    ['another model in the body', '{"contents":[],"model":"models/dear"}', 'not the model of the address'],
    ['no number of answers', '{"contents":[],"generationConfig":{"candidateCount":"9"}}', 'candidateCount'],
  ])('cannot be got around in Gemini by %s', async (_how, body, why) => {
    await open({ api: 'google-generative' })
    const { status, text, sent } = await send(google, body)
    expect([status, sent]).toEqual([400, undefined])
    expect(text).toContain(why)
  })
})

describe('the tier of a call', () => {
  it.each([
    ['openai-chat', '/v1/chat/completions', { service_tier: 'flex', messages: [] }, 'flex'],
    ['openai-responses', '/v1/responses', { service_tier: 'Priority', input: 'x' }, 'priority'],
    ['anthropic-messages', '/v1/messages', { service_tier: 'standard_only', messages: [] }, 'standard_only'],
    ['anthropic-messages', '/v1/messages', { speed: 'fast', messages: [] }, 'fast'],
    ['openai-chat', '/v1/chat/completions', { service_tier: { a: 1 }, messages: [] }, 'other'],
    ['openai-chat', '/v1/chat/completions', { messages: [] }, null],
  ] as const)('of %s at %s with %j is told to the budget', async (api, path, fields, tier) => {
    await open({ api })
    await send(path, JSON.stringify({ model: 'm', ...fields }))
    expect(world!.meter.claims[0]).toMatchObject({ serviceTier: tier })
  })

  it('is settled as the answer names it', async () => {
    const usage = { prompt_tokens: 1, completion_tokens: 1 }
    await open({ api: 'openai-chat' }, 'application/json', JSON.stringify({ choices: [], service_tier: 'priority', usage }))
    await send('/v1/chat/completions', '{"model":"m","messages":[]}')
    await until(() => world!.meter.settled.length === 1, 'the settlement')
    expect(world!.meter.settled[0]).toMatchObject({ serviceTier: 'priority', exact: true })
  })
})

it('a request for more answers than the output limit has tokens is refused: each of them has one at least', async () => {
  await open({ api: 'openai-chat' })
  world!.meter.cap = 3
  const most = await send('/v1/chat/completions', '{"model":"m","messages":[],"n":3}')
  expect(most.sent).toContain('"max_completion_tokens":1')
  const more = await send('/v1/chat/completions', '{"model":"m","messages":[],"n":4}')
  expect([more.status, more.sent, more.text]).toEqual([403, undefined, expect.stringContaining('[inspect.too-many-answers]')])
})
