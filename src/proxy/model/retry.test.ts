import { afterEach, describe, expect, it } from 'vitest'
import { Secret } from '../../base/index.ts'
import { chatBody, keys, openUpstream, openWorld, providerAt, until, type Upstream, type World } from './fakes.test.kit.ts'

let upstream: Upstream
let world: World
afterEach(async () => {
  await world.proxy.close()
  await upstream.close()
})

/** Its first answer never comes. */
async function open(key?: () => Promise<Secret>): Promise<void> {
  upstream = await openUpstream((reply) => {
    if (upstream.seen.length > 1) reply.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  world = await openWorld([{ ...providerAt(upstream.url, 'openai-chat'), ...(key && { key }) }])
}

async function post(headers: Record<string, string>, body = chatBody()): Promise<number> {
  const reply = await fetch(`${world.url}/v1/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${keys.plain}`, ...headers }, body })
  await reply.text()
  return reply.status
}

describe('a client that asks again', () => {
  it.each([
    ['counts its retries', {}, { 'x-stainless-retry-count': '1' }],
    ['numbers its attempts', { 'x-openclaw-turn-attempt': '1' }, { 'x-openclaw-turn-attempt': '2' }],
    ['says the same idempotency key', { 'idempotency-key': 'k' }, { 'idempotency-key': 'k' }],
  ])('and %s has its first attempt ended, and settled by what was seen', async (_, first, second) => {
    await open()
    const given = post(first)
    await until(() => upstream.seen.length === 1, 'the first attempt')
    expect(await post(second)).toBe(200)
    expect(await given).toBe(403)
    expect(world.meter.settled).toHaveLength(2)
    expect(world.meter.claims.map(({ attemptOf }) => attemptOf)).toEqual([null, null])
  })

  it('before anything was sent takes over the money that was set aside', async () => {
    const waiting: (() => void)[] = []
    let asked = 0
    await open(async () => {
      if (asked++ === 0) await new Promise<void>((resolve) => waiting.push(resolve))
      return new Secret('real-provider-key')
    })
    const given = post({ 'x-stainless-retry-count': '0' })
    await until(() => waiting.length === 1, 'the first attempt to wait for its key')
    const again = post({ 'x-stainless-retry-count': '1' })
    await until(() => world.meter.claims.length === 2, 'the second claim')
    expect(world.meter.claims[1]!.attemptOf).toBe(world.meter.claims[0]!.id)
    waiting[0]!()
    expect(await given).toBe(403)
    await until(() => upstream.seen.length === 1, 'the second attempt')
    await world.proxy.close()
    await again.catch(() => 0)
    expect(upstream.seen).toHaveLength(1)
  })

  it.each([
    ['something else', { 'x-stainless-retry-count': '1' }, chatBody({ seed: 7 })],
    ['without saying that it does', { 'x-stainless-retry-count': '0' }, chatBody()],
    ['under another key', { 'idempotency-key': 'other' }, chatBody()],
  ])('%s has both calls running', async (_, headers, body) => {
    await open()
    const given = post({ 'idempotency-key': 'one' })
    await until(() => upstream.seen.length === 1, 'the first attempt')
    expect(await post(headers, body)).toBe(200)
    expect(world.proxy.active()).toHaveLength(1)
    await world.proxy.close()
    await given.catch(() => 0)
  })
})
