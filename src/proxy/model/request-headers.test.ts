import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chatBody, fakeContent, keys, openUpstream, openWorld, providerAt, sampleSecret, type Upstream, type World } from './fakes.test.kit.ts'
import type { ModelContent } from './ports.ts'

const canary = 'tavomike-ridasone'
const finder = {
  pending: () => 0,
  find: (text: string) => (text.includes(canary) ? [{ type: 'canary', start: text.indexOf(canary), end: text.length, cut: { rule: 'content.canary', reason: 'a canary' } }] : []),
}

let upstream: Upstream
let world: World
let looked: string[]
beforeEach(async () => {
  looked = []
  upstream = await openUpstream((reply) => void reply.writeHead(200, { 'content-type': 'application/json' }).end('{}'))
  const content: ModelContent = {
    ...fakeContent,
    findSecrets(text) {
      looked.push(text)
      return fakeContent.findSecrets(text)
    },
    answerFinders: [finder],
  }
  world = await openWorld([{ ...providerAt(upstream.url, 'openai-chat'), forwardHeaders: ['x-tenant'] }], { ports: { content } })
})
afterEach(async () => {
  await world.proxy.close()
  await upstream.close()
})

async function post(headers: Record<string, string>): Promise<Response> {
  return await fetch(`${world.url}/v1/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${keys.plain}`, ...headers }, body: chatBody() })
}

describe('headers a client chooses', () => {
  it('go on when providers read them or the operator named them, and stay here otherwise', async () => {
    const kept = { 'x-stainless-lang': 'js', 'openai-organization': 'org', 'x-tenant': 't', 'x-client-request-id': 'r' }
    const dropped = { 'x-note': 'n', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, baggage: 'b', 'x-hardshell-x': 'y' }
    await (await post({ ...kept, ...dropped })).text()
    expect(upstream.seen[0]!.headers).toMatchObject(kept)
    for (const name of Object.keys(dropped)) expect(upstream.seen[0]!.headers[name]).toBeUndefined()
  })

  it.each([
    ['a secret', 'user-agent', sampleSecret],
    ['a canary', 'x-title', canary],
    ['a secret where the operator lets something through', 'x-tenant', sampleSecret],
  ])('do not go on with %s in them', async (_, name, value) => {
    const reply = await post({ [name]: `x ${value}` })
    expect([reply.status, await reply.text()]).toEqual([403, expect.stringContaining(`the request header ${name} holds`)])
    expect(upstream.seen).toEqual([])
    expect(world.log.entries[0]).toMatchObject({ decision: 'deny', rule: 'inspect.header' })
    expect(JSON.stringify(world.log.entries)).not.toContain(value)
  })

  it('may hold what they like where they do not go on', async () => {
    expect((await post({ 'x-note': sampleSecret })).status).toBe(200)
  })

  it('are looked at once, as long as they say the same', async () => {
    for (let i = 0; i < 3; i++) await (await post({ 'x-title': 'my program' })).text()
    expect(looked.filter((text) => text === 'my program')).toHaveLength(2) // for secrets and for canaries
  })
})
