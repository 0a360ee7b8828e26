import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keys, openUpstream, openWorld, providerAt, sampleSecret, until, type Upstream, type World } from './fakes.test.kit.ts'

let upstream: Upstream
let world: World
beforeAll(async () => {
  upstream = await openUpstream((reply) => void reply.writeHead(200, { 'content-type': 'application/json' }).end('{}'))
  const { url } = upstream
  world = await openWorld([
    providerAt(url, 'openai-chat', 'open'),
    providerAt(url, 'openai-responses', 'responses'),
    providerAt(url, 'anthropic-messages', 'claude'),
    providerAt(url, 'google-generative', 'gemini'),
  ])
})
afterAll(async () => {
  await world.proxy.close()
  await upstream.close()
})

const bodies = {
  chat: { model: 'm', messages: [] },
  responses: { model: 'm', input: 'x' },
  google: { contents: [] },
}

async function ask(method: string, path: string, body: object | null = null, headers: Record<string, string> = {}) {
  const login = { authorization: `Bearer ${keys.plain}` }
  const seen = upstream.seen.length
  const reply = await fetch(world.url + path, { method, headers: { ...login, ...headers }, body: body && JSON.stringify(body) })
  const text = await reply.text()
  return { status: reply.status, text, sent: upstream.seen[seen] }
}

describe('a path', () => {
  it.each([
    ['/v1/chat/completions', bodies.chat, 'open'],
    ['/v1/responses', bodies.responses, 'responses'],
    ['/v1/responses/input_tokens', bodies.responses, 'responses'],
    ['/p/open/v1/responses', bodies.responses, 'open'],
    ['/p/responses/v1/chat/completions', bodies.chat, 'responses'],
    ['/v1/messages', bodies.chat, 'claude'],
    ['/v1/messages/count_tokens?beta=true', bodies.chat, 'claude'],
    ['/v1beta/models/gemini-2.5-flash:generateContent', bodies.google, 'gemini'],
    ['/v1/models/gemini-2.5-flash:streamGenerateContent?alt=sse', bodies.google, 'gemini'],
    ['/v1alpha/models/gemini-2.5-flash:countTokens', bodies.google, 'gemini'],
  ])('%s is served, and goes to the provider as it came', async (path, body, provider) => {
    const { status, sent } = await ask('POST', path, body)
    expect(status).toBe(200)
    expect(sent).toMatchObject({ method: 'POST', url: path.replace(/^\/p\/\w+/, '') })
    await until(() => world.log.entries.at(-1)?.status === 200, 'the outcome')
    expect(world.log.entries.at(-1)).toMatchObject({ detail: { provider } })
  })

  it.each([
    ['/v1/models', {}, 'open'],
    ['/v1/models', { 'anthropic-version': '2023-06-01' }, 'claude'],
    ['/v1/models', { 'x-goog-api-key': keys.plain }, 'gemini'],
    ['/v1beta/models?pageSize=3', {}, 'gemini'],
    ['/v1beta/models/gemini-2.5-flash', {}, 'gemini'],
    ['/v1/models/gpt-5-mini', {}, 'open'],
    ['/v1/models/openai%2Fgpt-5:free', {}, 'open'],
    ['/v1/models/openai/gpt-5', {}, 'open'],
  ])('%s with %j is the business of %s', async (path, headers, _provider) => {
    const { status, sent } = await ask('GET', path, null, headers)
    expect(status).toBe(200)
    expect(sent?.url).toBe(path)
    await until(() => world.log.entries.at(-1)?.status === 200, 'the outcome')
    expect(world.log.entries.at(-1)).toMatchObject({ detail: { provider: _provider } })
  })

  it('never puts a name that came in it into the log', async () => {
    await ask('POST', '/v1beta/models/gemini-of-somebody:generateContent', bodies.google)
    await ask('GET', '/v1/models/model-of-somebody')
    const targets = world.log.entries.slice(-4).map(({ target }) => target)
    expect(new Set(targets)).toEqual(new Set(['POST /v1beta/models/{model}:generateContent', 'GET /v1/models/{model}']))
  })

  it.each([
    ['GET', '/v1/models/..%2fadmin'],
    ['GET', '/v1/models/%2e%2e'],
    ['GET', '/v1/models/a/../../secret'],
    ['GET', '/v1/models/a%00b'],
    ['GET', '/v1/models/{model}'],
    ['GET', '/v1/responses/resp_1'],
    ['DELETE', '/v1/responses/resp_1'],
    ['POST', '/v1/responses/resp_1/cancel'],
    ['POST', '/v1/responses/compact'],
    ['POST', '/v1/embeddings'],
    ['POST', '/v1/completions'],
    ['POST', '/v1/messages/batches'],
    ['POST', '/v1beta/models/m:batchGenerateContent'],
    ['POST', '/v1beta/models/m:embedContent'],
    ['POST', '/v1beta/cachedContents'],
    ['POST', '/v1beta/models/a/b:generateContent'],
  ])('is told what is served instead: %s %s', async (method, path) => {
    const { status, text, sent } = await ask(method, path, method === 'POST' ? {} : null)
    expect(status).toBe(404)
    expect(text).toContain('POST /v1/responses, ')
    expect(text).toContain('/v1beta/models/{model}:generateContent')
    expect(sent).toBeUndefined()
  })

  it('is refused when the model in it looks like a secret', async () => {
    const { status, text, sent } = await ask('POST', `/v1beta/models/${sampleSecret}:generateContent`, bodies.google)
    expect([status, sent]).toEqual([400, undefined])
    expect(text).toContain('the model in the address looks like a secret')
    expect(text).not.toContain(sampleSecret)
  })

  it('goes to a provider before it goes to a model inside the guard', async () => {
    const local = { ...providerAt('http://unused.invalid', 'openai-chat', 'probe'), local: () => ({ text: 'from inside' }) }
    const second = await openWorld([local, providerAt(upstream.url, 'openai-responses', 'real')])
    try {
      const headers = { authorization: `Bearer ${keys.plain}` }
      const reply = await fetch(`${second.url}/v1/chat/completions`, { method: 'POST', headers, body: JSON.stringify(bodies.chat) })
      expect(await reply.text()).toBe('{}')
    } finally {
      await second.proxy.close()
    }
  })

  it.each([
    ['GET', '/v1/responses'],
    ['GET', '/v1beta/models/m:generateContent'],
    ['DELETE', '/v1/models/m'],
  ])('is told which method it takes: %s %s', async (method, path) => {
    const { status, text, sent } = await ask(method, path)
    expect([status, sent]).toEqual([405, undefined])
    expect(text).toMatch(/takes (?:GET|POST) only/)
  })
})

describe('the headers of a call', () => {
  it('carry the real key of the provider, and none that would make another call of it', async () => {
    const headers = { 'x-goog-api-key': keys.plain, 'x-http-method-override': 'DELETE', 'x-goog-user-project': 'other', 'api-key': 'other' }
    const { sent } = await ask('POST', '/v1beta/models/m:generateContent', bodies.google, headers)
    expect(sent?.headers).toMatchObject({ 'x-goog-api-key': 'real-provider-key' })
    for (const name of ['authorization', 'x-http-method-override', 'x-goog-user-project', 'api-key']) {
      expect(sent?.headers, name).not.toHaveProperty(name)
    }
  })

  it('carry the key that was presented to nobody, whichever header it stood in', async () => {
    const headers = { authorization: '', 'x-goog-api-key': keys.plain }
    const { sent } = await ask('POST', '/v1/messages', bodies.chat, headers)
    expect(sent?.headers).toMatchObject({ 'x-api-key': 'real-provider-key' })
    expect(JSON.stringify(sent?.headers)).not.toContain(keys.plain)
  })
})
