import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findSecrets, pendingSecretLength, redactSecrets } from '../../content/index.ts'
import { keys, openUpstream, openWorld, providerAt, until, type Upstream, type World } from './fakes.test.kit.ts'
import { damaged, exchangesIn, fixtures, notServed, wholeSets, type Recorded } from './recorded.test.kit.ts'
import type { ApiName } from './api.ts'

const whole = wholeSets === undefined ? { recorded: [], left: [] } : exchangesIn(wholeSets)
const all = [...fixtures(), ...whole.recorded]

const types: Readonly<Record<Recorded['form'], string>> = {
  sse: 'text/event-stream; charset=utf-8',
  json: 'application/json',
  array: 'application/json; charset=UTF-8',
}

let upstream: Upstream
let world: World
beforeAll(async () => {
  upstream = await openUpstream(async (reply, { headers }) => {
    const { form, status, sent, packed } = all[Number(headers['x-recorded'])]!
    reply.writeHead(status, { 'content-type': types[form], ...(packed && { 'content-encoding': 'gzip' }) })
    const size = Number(headers['x-piece-bytes'] ?? sent.length)
    for (let at = 0; at < sent.length; at += size) {
      reply.write(sent.subarray(at, at + size))
      await new Promise((resolve) => setImmediate(resolve)) // each piece travels by itself
    }
    reply.end()
  })
  const apis: ApiName[] = ['anthropic-messages', 'google-generative', 'openai-chat']
  // The detectors of the product: a recorded answer holds no secret, and none may be seen in it.
  const content = { redactSecrets, findSecrets, pendingSecretLength }
  world = await openWorld(apis.map((api) => ({ ...providerAt(upstream.url, api), forwardHeaders: ['x-recorded', 'x-piece-bytes'] })), { ports: { content } })
})
afterAll(async () => {
  await world.proxy.close()
  await upstream.close()
})

async function replay(index: number, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
  const before = world.log.entries.length
  const { path, body } = requestFor(all[index]!)
  const login = { authorization: `Bearer ${keys.plain}`, 'x-recorded': String(index) }
  const reply = await fetch(world.url + path, { method: 'POST', headers: { ...login, ...headers }, body: JSON.stringify(body) })
  const text = await reply.text()
  await until(() => world.log.entries.length === before + 2, 'the outcome')
  return { status: reply.status, text }
}

const names = all.map((recorded, index) => [recorded.name, recorded, index] as const)
const plain = ({ sent, packed }: Recorded): string => (packed ? gunzipSync(sent) : sent).toString()

describe('recorded answers', () => {
  it.each(names)('%s arrives byte for byte and is settled to the token', async (_name, recorded, index) => {
    const { status, model, stopReason, settled } = recorded
    const before = world.meter.settled.length
    expect(await replay(index)).toEqual({ status, text: plain(recorded) })
    const outcome = world.log.entries.at(-1)!
    expect(outcome).toMatchObject({ model, status, ...(stopReason && { detail: { stop_reason: stopReason } }) })
    expect(outcome.detail).not.toHaveProperty('redacted_out')
    if (status !== 200) return expect(world.meter.settled.length).toBe(before) // an error is not billed
    expect(world.meter.settled.length).toBe(before + 1)
    expect(world.meter.settled.at(-1)).toMatchObject(settled)
  })

  // 61 divides nothing in the events: over the sets every kind of border is met.
  it.each(names.filter(([, { sent }]) => sent.length < 20_000))('%s arrives byte for byte however the network cuts it', async (_name, recorded, index) => {
    const { status } = recorded
    expect(await replay(index, { 'x-piece-bytes': '61' })).toEqual({ status, text: plain(recorded) })
  })
})

describe('the whole sets', () => {
  it('are replayed when they are given, but for endpoints that are not served and bytes that were damaged before', () => {
    expect(whole.recorded.length > 0).toBe(wholeSets !== undefined)
    expect(whole.left.filter(({ why }) => why !== notServed && why !== damaged)).toEqual([])
  })
})

function requestFor({ api, form, model }: Recorded): { path: string; body: object } {
  const stream = form !== 'json'
  const content = 'hello'
  switch (api) {
    case 'google-generative': {
      const method = form === 'sse' ? 'streamGenerateContent?alt=sse' : form === 'array' ? 'streamGenerateContent' : 'generateContent'
      const body = { contents: [{ parts: [{ text: content }] }], generationConfig: { maxOutputTokens: 10 } }
      return { path: `/v1beta/models/${model}:${method}`, body }
    }
    case 'openai-responses':
      return { path: '/v1/responses', body: { model, stream, input: content, max_output_tokens: 10 } }
    case 'openai-chat': {
      const usage = stream && { stream_options: { include_usage: true } }
      return { path: '/v1/chat/completions', body: { model, stream, messages: [{ role: 'user', content }], max_tokens: 10, ...usage } }
    }
    case 'anthropic-messages':
      return { path: '/v1/messages', body: { model, stream, messages: [{ role: 'user', content }], max_tokens: 10 } }
  }
}
