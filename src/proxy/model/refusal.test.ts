import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  chatBody,
  collect,
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
import type { ModelProxyOptions, ModelProxyPorts } from './ports.ts'

let upstream: Upstream
let world: World | undefined
beforeEach(async () => {
  const body = '{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}'
  upstream = await openUpstream((reply) => void reply.writeHead(200, { 'content-type': 'application/json' }).end(body))
})
afterEach(async () => {
  await world?.proxy.close()
  await upstream.close()
})

async function open(ports: Partial<ModelProxyPorts> = {}, options: Partial<ModelProxyOptions> = {}): Promise<World> {
  const { url } = upstream
  const providers = [providerAt(url, 'openai-chat', 'open'), providerAt(url, 'anthropic-messages', 'claude')]
  world = await openWorld(providers, { ports, options })
  return world
}

interface Ask {
  key?: string | null
  path?: string
  body?: string
  headers?: Record<string, string>
}

async function post({ url }: World, ask: Ask = {}) {
  const { key = keys.plain, path = '/v1/chat/completions', body = chatBody(), headers } = ask
  const login = key === null ? {} : { authorization: `Bearer ${key}` }
  const reply = await fetch(url + path, { method: 'POST', headers: { ...login, ...headers }, body })
  return { status: reply.status, visit: reply.headers.get('x-hardshell-visit'), text: await reply.text() }
}

const reason = 'agent main is disabled; run: hardshell agent enable main'
const no = { allow: false, rule: 'kill-switch.agent-disabled', reason }
const guarded = { traceparent }

describe('a stranger', () => {
  it('gets 401 in the shape of OpenAI, and an entry without the key', async () => {
    const made = await open()
    const reply = await post(made, { key: 'guessed-key-value' })
    expect(reply.status).toBe(401)
    expect(JSON.parse(reply.text)).toMatchObject({ error: { type: 'invalid_request_error', code: 'invalid_api_key' } })
    await until(() => made.log.entries.length === 2, 'both entries')
    const denied = { event_type: 'auth_event', decision: 'deny', rule: 'login.unknown-credential', visit: reply.visit }
    expect(made.log.entries[0]).toMatchObject(denied)
    expect(made.log.entries[1]).toMatchObject({ event_type: 'model_request', status: 401 })
    expect(JSON.stringify(made.log.entries)).not.toContain('guessed-key-value')
    expect(upstream.seen).toEqual([])
  })

  it('gets 401 in the shape of Anthropic', async () => {
    const reply = await post(await open(), { key: null, path: '/v1/messages' })
    expect(JSON.parse(reply.text)).toMatchObject({ type: 'error', error: { type: 'authentication_error' } })
  })
})

describe('the gateway', () => {
  const login = { apiKey: keys.gateway, maxRetries: 0, defaultHeaders: guarded }
  const client = ({ url }: World) => new OpenAI({ baseURL: `${url}/v1`, ...login })
  const claude = ({ url }: World) => new Anthropic({ baseURL: url, ...login })
  const messages = [{ role: 'user' as const, content: 'hello' }]

  it('is told no in an answer whose text names reason, rule and visit', async () => {
    const made = await open({ decide: () => no })
    const answer = await client(made).chat.completions.create({ model: 'm', messages })
    const [choice] = answer.choices
    expect(choice).toMatchObject({ finish_reason: 'stop', message: { role: 'assistant' } })
    expect(choice!.message.content).toContain(no.reason)
    expect(choice!.message.content).toContain(`rule ${no.rule}, visit ${made.log.entries[0]!.visit}`)
    expect(answer.usage).toEqual({ prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 })
    const entry = { decision: 'deny', rule: no.rule, agent_id: 'main', session: 'agent:main:main' }
    expect(made.log.entries[0]).toMatchObject(entry)
    expect(upstream.seen).toEqual([])
  })

  it('is told no in a stream when it asked for a stream', async () => {
    const made = await open({ decide: () => no })
    const chunks = await collect(await client(made).chat.completions.create({ model: 'm', messages, stream: true }))
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toContain(no.reason)
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop')
  })

  it('is told no in both shapes of Anthropic', async () => {
    const made = await open({ decide: () => no })
    const request = { model: 'c', max_tokens: 5, messages }
    const whole = await claude(made).messages.create(request)
    expect(whole).toMatchObject({ stop_reason: 'end_turn', usage: { input_tokens: 0, output_tokens: 0 } })
    expect(whole.content[0]).toMatchObject({ type: 'text', text: expect.stringContaining(no.reason) })
    expect(await claude(made).messages.stream(request).finalText()).toContain(no.reason)
  })

  it('is told which limit the budget would break', async () => {
    const made = await open()
    made.meter.refuse = { limit: 'day', reason: 'today has $0.01 of $5 left (budgets.per_day)' }
    const reply = await post(made, { key: keys.gateway, headers: guarded })
    expect(reply.status).toBe(200)
    expect(reply.text).toContain('budgets.per_day')
    expect(made.log.entries[0]).toMatchObject({ decision: 'deny', rule: 'budget.day' })
    expect(upstream.seen).toEqual([])
  })

  it('raises an alert when its request belongs to no announced turn', async () => {
    const made = await open()
    for (const headers of [{}, { traceparent: `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01` }, { traceparent: 'x' }]) {
      const reply = await post(made, { key: keys.gateway, headers: headers as Record<string, string> })
      expect(reply.text).toContain('belongs to no turn')
    }
    const alerts = made.log.entries.filter(({ event_type }) => event_type === 'alert')
    expect(alerts).toHaveLength(3)
    expect(alerts[0]).toMatchObject({ severity: 'critical', rule: 'turn.unannounced', decision: 'deny' })
    expect(upstream.seen).toEqual([])
  })

  it('may be announced a little after it asked', async () => {
    const made = await open({}, { announceGraceMs: 5_000 })
    const traceId = 'e'.repeat(32)
    const reply = post(made, { key: keys.gateway, headers: { traceparent: `00-${traceId}-${'f'.repeat(16)}-01` } })
    await until(() => made.proxy.active().length === 1, 'the request')
    made.ports.turns.announce({ agentId: 'late', sessionKey: 's', runId: 'r', traceId })
    expect((await reply).status).toBe(200)
    expect(made.log.entries[0]).toMatchObject({ decision: 'allow', agent_id: 'late', trace_id: traceId })
  })

  it('never sees a status that puts its key on ice, whatever refuses it', async () => {
    const broken = (): never => {
      throw new Error('broken')
    }
    const everywhere = [{ type: 'x', start: 0, end: 30 }]
    const refusals: Partial<ModelProxyPorts>[] = [
      { decide: () => no },
      { decide: broken },
      { meter: { reserve: broken, settle: broken, release: broken } },
      { content: { findSecrets: () => everywhere, redactSecrets: (text) => text, pendingSecretLength: () => 0 } },
      { turns: { announce: () => {}, find: async () => null } },
    ]
    for (const ports of refusals) {
      const made = await open(ports)
      const reply = await post(made, { key: keys.gateway, headers: guarded })
      expect(reply.status).toBe(200)
      expect(reply.text).toContain('Refused by Hardshell')
      expect(upstream.seen).toEqual([])
      await made.proxy.close()
    }
  })

  it('gets 400 where there is no answer to put the refusal into', async () => {
    const made = await open({ decide: () => no })
    const counting = await post(made, { key: keys.gateway, headers: guarded, path: '/v1/messages/count_tokens' })
    expect(counting.status).toBe(400)
    expect(JSON.parse(counting.text)).toMatchObject({ error: { type: 'invalid_request_error' } })
  })
})

describe('a plain client', () => {
  it('gets 403 with the rule and the visit', async () => {
    const reply = await post(await open({ decide: () => no }))
    expect(reply.status).toBe(403)
    expect(reply.text).toContain(no.rule)
    expect(reply.text).toContain(reply.visit)
  })

  it('may not use a provider its key is not for', async () => {
    const made = await open()
    const reply = await post(made, { key: keys.limited, path: '/p/open/v1/chat/completions' })
    expect(reply.status).toBe(403)
    expect(made.log.entries[0]).toMatchObject({ rule: 'provider.not-allowed', decision: 'deny' })
    expect((await post(made, { key: keys.limited })).status).toBe(404)
  })

  it.each([
    ['a path nobody serves', { path: '/v1/embeddings' }, 404],
    ['an answer somebody left at the provider', { path: '/v1/responses/resp_1' }, 404],
    ['a key in the address', { path: '/v1/chat/completions?key=x' }, 400],
    ['a parameter nobody knows', { path: '/v1/chat/completions?$httpHeaders=x' }, 400],
    ['a path spelled differently', { path: '/v1//chat/completions' }, 404],
    ['a provider nobody configured', { path: '/p/none/v1/chat/completions' }, 404],
    ['no JSON', { body: 'hello' }, 400],
    ['a JSON array', { body: '[]' }, 400],
    ['no model', { body: '{"messages":[]}' }, 400],
    ['a key that occurs twice', { body: '{"model":"a","messages":[],"\\u006dodel":"b"}' }, 400],
    ['a body that is too large', { body: chatBody({ pad: 'x'.repeat(2000) }) }, 413],
    ['a packed body', { headers: { 'content-encoding': 'gzip' } }, 415],
  ] as [string, Ask, number][])('is told at once about %s', async (_what, ask, status) => {
    const made = await open({}, { maxBodyBytes: 1000 })
    const reply = await post(made, ask)
    expect(reply.status).toBe(status)
    expect(JSON.parse(reply.text)).toHaveProperty('error.message')
    expect(upstream.seen).toEqual([])
    await until(() => made.log.entries.some((entry) => entry.status === status), 'the outcome')
  })

  it('is told when too many calls are under way', async () => {
    const made = await open({}, { maxConcurrent: 1 })
    const gate = made.log.hold()
    const first = post(made)
    await until(() => made.proxy.active().length === 1, 'the first call')
    const second = post(made)
    await until(() => made.proxy.active().length === 2, 'the second call')
    gate.release()
    expect([(await first).status, (await second).status]).toEqual([200, 429])
  })
})

describe('a list of models', () => {
  const list = async ({ url }: World) => await fetch(`${url}/p/open/v1/models`, { headers: { authorization: `Bearer ${keys.plain}` } })

  it('is no act that waits for a proof', async () => {
    const stale = { allow: false, rule: 'proof.stale', reason: 'nothing is proven yet' }
    const made = await open({ decide: () => stale })
    expect((await list(made)).status).toBe(200)
    expect(made.log.entries[0]).toMatchObject({ decision: 'allow', rule: 'models.list' })
  })

  it('is not given to who is stopped', async () => {
    const made = await open({ decide: () => no })
    const reply = await list(made)
    expect([reply.status, await reply.text()]).toEqual([403, expect.stringContaining(no.rule)])
    expect(upstream.seen).toEqual([])
  })
})

describe('the log', () => {
  it('has the decision before the provider sees a byte, and shows nothing before it is on the disk', async () => {
    const made = await open()
    const gate = made.log.hold()
    let status = 0
    const reply = post(made).then((shown) => (status = shown.status))
    await until(() => upstream.seen.length === 1, 'the request at the provider')
    expect(made.log.entries[0]).toMatchObject({ decision: 'allow', rule: 'default.allow', model: 'gpt-test' })
    await new Promise((resolve) => setTimeout(resolve, 50)) // time in which the answer would arrive
    expect(status).toBe(0)
    gate.release()
    await reply
    expect(status).toBe(200)
  })

  it('shows nothing of a stream either', async () => {
    await upstream.close()
    const events = Array.from({ length: 300 }, (_, n) => `data: {"choices":[],"n":"${n} ${'x'.repeat(2000)}"}\n\n`).join('')
    upstream = await openUpstream((reply) => void reply.writeHead(200, { 'content-type': 'text/event-stream' }).end(events))
    const made = await open()
    const gate = made.log.hold()
    let text = ''
    const reply = post(made, { body: chatBody({ stream: true }) }).then((shown) => (text = shown.text))
    await until(() => upstream.seen.length === 1, 'the request at the provider')
    await new Promise((resolve) => setTimeout(resolve, 50)) // time in which more arrives than may be held
    expect(text).toBe('')
    gate.release()
    await reply
    expect(text === events).toBe(true)
  })

  it('cuts the call when the decision cannot be brought to the disk, and settles what was seen', async () => {
    const made = await open()
    const gate = made.log.hold()
    const reply = post(made)
    await until(() => upstream.seen.length === 1, 'the request at the provider')
    gate.release(new Error('i/o error'))
    const { status, text } = await reply
    expect([status, text]).toEqual([503, expect.stringContaining('log.unwritable')])
    await until(() => made.meter.settled.length === 1, 'the settlement')
    expect(made.trouble.map(String)).toContain('Error: i/o error')
  })

  it('stops everything when it cannot be written, and gives the reservation back', async () => {
    const made = await open()
    made.log.broken = new Error('disk full')
    const reply = await post(made)
    expect(reply.status).toBe(503)
    expect(reply.text).toContain('log.unwritable')
    const guardedReply = await post(made, { key: keys.gateway, headers: guarded })
    expect(guardedReply.status).toBe(200)
    expect(guardedReply.text).toContain('the audit log cannot be written')
    expect(upstream.seen).toEqual([])
    await until(() => made.meter.released.length === 2, 'the release')
    expect(made.trouble.map(String)).toContain('Error: disk full')
  })

  it('never holds a secret: not from the body, the model name or the keys', async () => {
    const made = await open()
    const messages = [{ role: 'user', content: `it is ${sampleSecret}` }]
    const body = chatBody({ model: `m ${sampleSecret}`, messages })
    await post(made, { path: `/v1/chat/completions?key=${sampleSecret}` })
    await post(made, { path: `/v1/models/${sampleSecret}:generateContent` })
    await until(() => made.log.entries.length === 2, 'both outcomes')
    expect(JSON.stringify(made.log.entries.splice(0))).not.toContain(sampleSecret)
    await post(made, { body })
    await until(() => made.log.entries.length === 2, 'both entries')
    expect(JSON.stringify(made.log.entries)).not.toMatch(/SECRET-|virtual-|real-provider-key/)
    expect(made.log.entries[0]).toMatchObject({ detail: { redacted: 2 } })
    expect(upstream.seen[0]!.body).toContain('it is [REDACTED_SAMPLE]')
    expect(upstream.seen[0]!.body).not.toContain(sampleSecret)
  })

  it('has one decision and one outcome for every visit, joined by its id', async () => {
    const made = await open()
    const reply = await post(made)
    await until(() => made.log.entries.length === 2, 'both entries')
    expect(made.log.entries.map(({ visit, user }) => [visit, user])).toEqual([[reply.visit, 'ci'], [reply.visit, 'ci']])
    const outcome = { status: 200, tokens_used: 2, cost_micro_usd: 42, detail: { provider: 'open' } }
    expect(made.log.entries[1]).toMatchObject(outcome)
  })
})

describe('a key that cannot be read', () => {
  it('refuses, and gives the reservation back', async () => {
    const broken = { ...providerAt(upstream.url, 'openai-chat'), key: () => Promise.reject(new Error('vault sealed')) }
    world = await openWorld([broken])
    const reply = await post(world)
    expect(reply.status).toBe(503)
    expect(reply.text).not.toContain('vault sealed')
    expect(upstream.seen).toEqual([])
    await until(() => world!.meter.released.length === 1, 'the release')
  })
})
