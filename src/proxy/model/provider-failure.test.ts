import { afterEach, describe, expect, it } from 'vitest'
import { keys, openUpstream, openWorld, providerAt, traceparent, type Upstream, type World } from './fakes.test.kit.ts'
import type { Provider } from './ports.ts'

let upstream: Upstream | undefined
let world: World | undefined
afterEach(async () => {
  await world?.proxy.close()
  await upstream?.close()
})

const quota = 'You exceeded your current quota, please check your plan and billing details'
const failures: [Provider['api'], string, object, string][] = [
  ['openai-responses', '/v1/responses', { model: 'm', input: 'x', stream: true }, `event: response.failed\ndata: ${JSON.stringify({ type: 'response.failed', response: { status: 'failed', error: { code: 'insufficient_quota', message: quota } } })}\n\n`],
  ['openai-responses', '/v1/responses', { model: 'm', input: 'x', stream: true }, `event: error\ndata: ${JSON.stringify({ type: 'error', code: 'insufficient_quota', message: quota })}\n\n`],
  ['google-generative', '/v1beta/models/g:streamGenerateContent?alt=sse', { contents: [] }, `data: ${JSON.stringify({ error: { code: 429, message: quota, status: 'RESOURCE_EXHAUSTED' } })}\r\n\r\n`],
]

async function ask(api: Provider['api'], path: string, body: object, key: string, stream: string): Promise<string> {
  upstream = await openUpstream((reply) => void reply.writeHead(200, { 'content-type': 'text/event-stream' }).end(stream))
  world = await openWorld([providerAt(upstream.url, api)])
  const headers = { authorization: `Bearer ${key}`, traceparent }
  return await (await fetch(world.url + path, { method: 'POST', headers, body: JSON.stringify(body) })).text()
}

describe('a failure in the middle of a stream', () => {
  it.each(failures)('of %s at %s reaches plain clients as it is', async (api, path, body, stream) => {
    expect(await ask(api, path, body, keys.plain, stream)).toBe(stream)
  })

  it.each(failures)('of %s at %s means nothing to OpenClaw, whose key it would put on ice', async (api, path, body, stream) => {
    const text = await ask(api, path, body, keys.gateway, stream)
    expect(text).toContain('the model provider did not answer this request')
    expect(text).not.toMatch(/quota|billing|RESOURCE_EXHAUSTED|429/)
  })
})
