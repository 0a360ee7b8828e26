import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ApiName } from './api.ts'
import {
  chatBody,
  keys,
  openUpstream,
  openWorld,
  providerAt,
  until,
  type Upstream,
  type World,
} from './fakes.test.kit.ts'

interface Expected {
  api: ApiName
  stopReason: string
  settled: Record<string, number>
}

const folder = new URL('../../../tests/fixtures/model-api/', import.meta.url)
const expected = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as Record<string, Expected>

describe('recorded answers', () => {
  let upstream: Upstream
  let world: World

  beforeAll(async () => {
    upstream = await openUpstream((reply, { headers }) => {
      const name = String(headers['x-recorded'])
      const type = name.endsWith('.sse') ? 'text/event-stream; charset=utf-8' : 'application/json'
      reply.writeHead(200, { 'content-type': type }).end(readFileSync(new URL(name, folder)))
    })
    world = await openWorld([providerAt(upstream.url, 'anthropic-messages'), providerAt(upstream.url, 'openai-chat')])
  })
  afterAll(async () => {
    await world.proxy.close()
    await upstream.close()
  })

  for (const [name, { api, stopReason, settled }] of Object.entries(expected)) {
    it(`${name} arrives byte for byte and is settled to the token`, async () => {
      const before = world.meter.settled.length
      const stream = name.endsWith('.sse')
      const reply = await fetch(world.url + (api === 'openai-chat' ? '/v1/chat/completions' : '/v1/messages'), {
        method: 'POST',
        headers: { authorization: `Bearer ${keys.plain}`, 'x-recorded': name },
        body: chatBody({ max_tokens: 10, stream, ...(stream && { stream_options: { include_usage: true } }) }),
      })
      expect(await reply.text()).toBe(readFileSync(new URL(name, folder), 'utf8'))
      await until(() => world.meter.settled.length > before, 'the settlement')
      const none = { cacheReadTokens: 0, cacheWrite5mTokens: 0, cacheWrite1hTokens: 0, webSearches: 0 }
      expect(world.meter.settled.at(-1)).toMatchObject({ ...none, ...settled, exact: true })
      await until(() => world.log.entries.at(-1)?.status === 200, 'the outcome')
      expect(world.log.entries.at(-1)).toMatchObject({ detail: { stop_reason: stopReason }, cost_micro_usd: 42 })
    })
  }
})
