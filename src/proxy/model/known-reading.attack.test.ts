import { afterEach, describe, expect, it, vi } from 'vitest'
import { fakeContent, keys, openUpstream, openWorld, providerAt } from './fakes.test.kit.ts'
import { KnownClean } from './known-clean.ts'
import { KnownReadings } from './known-readings.ts'
import type { ModelContent } from './ports.ts'

// What an attack on reading on found, November 2026: a body that was read whole was remembered with how an earlier one
// had been read, and the next was judged by that.

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

const screening: ModelContent = {
  ...fakeContent,
  screenInput: ({ text }) => (text.includes('INJECT') ? { signals: ['x'], block: { rule: 'content.injection', reason: 'no' } } : { signals: [] }),
}

async function set() {
  const answer = '{"object":"chat.completion","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}'
  const upstream = await openUpstream((reply) => void reply.writeHead(200, { 'content-type': 'application/json' }).end(answer))
  const models: string[] = []
  const world = await openWorld([providerAt(upstream.url, 'openai-chat'), providerAt(upstream.url, 'openai-responses')], {
    ports: {
      content: screening,
      decide(act) {
        if (act.kind === 'call-model') models.push(act.model)
        return { allow: true, rule: 'default.allow', reason: 'no rule refuses it' }
      },
    },
  })
  open.push(upstream, world.proxy)
  const say = async (path: string, body: string): Promise<number> => {
    const reply = await fetch(`${world.url}/v1/${path}`, { method: 'POST', headers: { authorization: `Bearer ${keys.plain}` }, body })
    await reply.text()
    return reply.status
  }
  return { upstream, models, world, say }
}

const message = (content: string): object => ({ role: 'user', content })
const long = 'the harbour was quiet. '.repeat(2_500)

describe('a request that differs before its conversation', () => {
  it('is judged by what it says, and so is the one after it', async () => {
    const { upstream, models, world, say } = await set()
    const tools = [{ type: 'function', function: { name: 'x', description: long } }]
    const body = (model: string, max_tokens: number, count: number): string =>
      JSON.stringify({ tools, model, max_tokens, messages: Array.from({ length: count }, (_, n) => message(`${n} hi there`)) })
    for (const [model, most, count] of [['cheap-1', 10, 1], ['cheap-1', 10, 2], ['dear--1', 99, 2], ['dear--1', 99, 3], ['dear--1', 99, 4]] as const) {
      expect(await say('chat/completions', body(model, most, count))).toBe(200)
    }
    const sent = upstream.seen.map(({ body: text }) => JSON.parse(text) as { model: string; max_tokens: number })
    expect(models).toEqual(sent.map(({ model }) => model))
    expect(world.meter.claims.map(({ model, maxOutputTokens }) => [model, maxOutputTokens])).toEqual(sent.map(({ model, max_tokens }) => [model, max_tokens]))
  })

  it('has its new texts screened, although its list is called otherwise', async () => {
    const { upstream, say } = await set()
    const body = (key: string, texts: string[]): string => JSON.stringify({ instructions: long, [key]: texts.map(message), model: 'gpt' })
    // `messages` is three letters longer than `input`: the first text makes up for it.
    await say('responses', body('messages', ['aaa', 'b']))
    await say('responses', body('messages', ['aaa', 'b', 'c']))
    await say('responses', body('input', ['aaaaaa', 'b', 'c']))
    const before = upstream.seen.length
    expect(await say('responses', body('input', ['aaaaaa', 'b', 'c', 'INJECT']))).toBe(403)
    expect(upstream.seen).toHaveLength(before)
  })
})

// One request after the other through one proxy, and each through a fresh one that has seen nothing.
it('whatever came before, a request is judged, counted and sent on as if it were the first', async () => {
  const random = createRandom(7)
  const one = await set()
  let bodies = [conversation()]
  const reads = vi.spyOn(KnownReadings.prototype, 'read')
  for (let round = 0; round < 250; round++) {
    const body = edited(bodies[random(bodies.length)]!, random)
    const alone = await set()
    const text = written(body, random(12))
    const [here, there] = [await outcome(one, text), await outcome(alone, text)]
    expect(here, text.slice(-300)).toEqual(there)
    if (here.status === 200) bodies = [...bodies, body].slice(-4)
    await open.pop()!.close()
    await open.pop()!.close()
  }
  expect(reads.mock.results.filter(({ value }) => value !== null).length, 'read on').toBeGreaterThan(70)
  reads.mockRestore()
}, 60_000)

interface Body {
  before: Record<string, unknown>
  key: string
  messages: object[]
  after: Record<string, unknown>
}

function createRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => ((state = (state * 48_271) % 2_147_483_647), state % below)
}

function conversation(): Body {
  return { before: { user: long.slice(0, 20_000), model: 'cheap-1' }, key: 'messages', messages: [message(long.slice(0, 16_000)), message('hi')], after: { max_tokens: 10 } }
}

/** One of the ways in which the next request differs from one before it. */
function edited({ before, key, messages, after }: Body, random: (below: number) => number): Body {
  const body = { before: { ...before }, key, messages: [...messages], after: { ...after } }
  const edits: (() => unknown)[] = [
    () => body.messages.push(message(`more ${random(99)}`)),
    () => body.messages.push({ role: 'tool', tool_call_id: 'a', content: `found ${random(99)}` }, message('é "quoted" \\u0041')),
    () => body.messages.splice(-1, 1, message(`else ${random(9)}`)),
    () => body.messages.splice(0, 1, message(`${random(9)}${long.slice(1, 16_000)}`)),
    () => (body.before.model = ['cheap-1', 'dear--1'][random(2)]),
    () => (body.after.max_tokens = 10 + random(80)),
    () => (body.messages.length > 3 ? body.messages.splice(1 + random(2)) : body.messages.push(message('again'))),
    () => body.messages.push(message(random(3) === 0 ? 'INJECT' : 'all is well')),
    () => body.messages.push({ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://example.org/a.png' } }] }),
  ]
  edits[random(edits.length)]!()
  return body
}

/** Usually as it is; now and then with something at its end that makes it another request, or none. */
function written({ before, key, messages, after }: Body, how: number): string {
  const text = JSON.stringify({ ...before, [key]: messages, ...after })
  const ends = ['"model":"dear--1"}', '"messages":[]}', '"n":0}', '"n":2', '"max_tokens":5}']
  return how < ends.length ? `${text.slice(0, -1)},${ends[how]}` : text
}

type Side = Awaited<ReturnType<typeof set>>

/** All that came of a request but its id. */
async function outcome({ upstream, models, world, say }: Side, text: string) {
  const before = [upstream.seen.length, models.length, world.meter.claims.length, world.log.entries.length] as const
  const status = await say('chat/completions', text)
  const claims = world.meter.claims.slice(before[2]).map(({ id: _id, ...claim }) => claim)
  const decisions = world.log.entries.slice(before[3]).filter(({ decision }) => decision)
  return {
    status,
    sent: upstream.seen.slice(before[0]).map(({ body }) => body),
    models: models.slice(before[1]),
    claims,
    decisions: decisions.map(({ decision, rule, model, input_summary }) => ({ decision, rule, model, input_summary })),
  }
}

it('what was clean before a secret became known is looked at again, also when that was while it was looked at', async () => {
  let version = 0
  let secret = 'never-said-anywhere'
  const find = (text: string) => {
    const start = text.indexOf(secret)
    return start === -1 ? [] : [{ type: 'known-value', start, end: start + secret.length }]
  }
  const known = new KnownClean({ ...fakeContent, findSecrets: find, secretsVersion: () => version })
  const filler = Array.from({ length: 60 }, (_, n) => message(`${n} quiet `.repeat(1_000)))
  const body = Buffer.from(JSON.stringify({ messages: [message('the new key is hunter2-hunter2'), ...filler] }))
  const patience = { nowMs: () => 0, maxWorkMs: 1e9 }
  const looking = known.coversLarge(body, patience)
  expect(looking).toBeInstanceOf(Promise)
  await new Promise((resolve) => setImmediate(resolve)) // a few parts are through
  secret = 'hunter2-hunter2'
  version++
  known.coversName('somebody else calls') // everything is forgotten
  expect(await looking).toBe(false)
  expect(await known.coversLarge(body, patience)).toBe(false)
})
