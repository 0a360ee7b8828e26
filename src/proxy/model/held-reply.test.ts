import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { chatBody, fakeContent, keys, openUpstream, openWorld, providerAt, until, type Upstream, type World } from './fakes.test.kit.ts'
import { HeldReply } from './held-reply.ts'

const canary = 'CANARY-held'
const finding = { reason: 'a canary was said', rule: 'content.canary' }

const content: typeof fakeContent = {
  ...fakeContent,
  findSecrets(text) {
    const start = text.indexOf(canary)
    if (start === -1) return fakeContent.findSecrets(text)
    return [{ type: 'canary', start, end: start + canary.length, cut: finding }]
  },
}

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

const answerOf = (text: string): string =>
  JSON.stringify({ choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }], usage: { prompt_tokens: 7, completion_tokens: 3 } })
const eventOf = (text: string): string => `data: {"choices":[{"index":0,"delta":{"content":"${text}"}}]}\n\n`

interface Held {
  world: World
  upstream: Upstream
  gate: { release(error?: Error): void }
  /** Texts the answer's screen was asked about. */
  looked: string[]
}

/** A proxy whose log takes every decision and brings none to the disk. */
async function hold(answer: string, type = 'application/json'): Promise<Held> {
  const upstream = await openUpstream((reply) => void reply.writeHead(200, { 'content-type': type }).end(answer))
  const looked: string[] = []
  const findSecrets = (text: string) => {
    looked.push(text)
    return content.findSecrets(text)
  }
  const world = await openWorld([providerAt(upstream.url, 'openai-chat')], { ports: { content: { ...content, findSecrets } } })
  open.push(upstream, world.proxy)
  return { world, upstream, gate: world.log.hold(), looked }
}

async function post({ url }: World, body = chatBody()): Promise<{ status: number; text: string }> {
  const reply = await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${keys.plain}` }, body })
  return { status: reply.status, text: await reply.text() }
}

const outcome = ({ log }: World) => log.entries.find(({ status }) => status !== undefined)

describe('an answer whose decision is not on the disk', () => {
  it('is looked through meanwhile, and shown whole afterwards', async () => {
    const { world, gate, looked } = await hold(answerOf('all is well'))
    const reply = post(world)
    await until(() => looked.some((text) => text.includes('all is well')), 'the look at the answer')
    expect(outcome(world), 'it is not over').toBe(undefined)
    gate.release()
    expect(await reply).toEqual({ status: 200, text: answerOf('all is well') })
    await until(() => outcome(world) !== undefined, 'its end in the log')
    expect(outcome(world)).toMatchObject({ status: 200, bytes_out: answerOf('all is well').length, tokens_used: 10 })
  })

  it('is forgotten when the disk refuses, be it a stream', async () => {
    const { world, gate, looked } = await hold(eventOf('all is well') + 'data: [DONE]\n\n', 'text/event-stream')
    const reply = post(world, chatBody({ stream: true }))
    await until(() => looked.some((text) => text.includes('all is well')), 'the look at the stream')
    gate.release(new Error('i/o error'))
    const { status, text } = await reply
    expect([status, text]).toEqual([503, expect.stringContaining('log.unwritable')])
    expect(text).not.toContain('all is well')
    await until(() => outcome(world) !== undefined, 'its end in the log')
    expect(outcome(world)!.bytes_out, 'what was never said is not counted').toBe(text.length)
  })

  it.each([
    ['whole', answerOf(canary), 'application/json', chatBody()],
    ['streamed', eventOf(canary), 'text/event-stream', chatBody({ stream: true })],
  ])('and which says a canary, %s, becomes a refusal without a word of it', async (_how, answer, type, body) => {
    const { world, gate } = await hold(answer, type)
    const reply = post(world, body)
    await until(() => world.log.entries.some(({ event_type }) => event_type === 'alert'), 'the alert')
    gate.release()
    const { status, text } = await reply
    expect([status, text]).toEqual([403, expect.stringContaining(finding.rule)])
    expect(text).not.toContain(canary)
  })

  it('is refused when an operator cuts it, although all of it is here', async () => {
    const { world, looked } = await hold(answerOf('all is well'))
    const reply = post(world)
    await until(() => looked.some((text) => text.includes('all is well')), 'the look at the answer')
    world.log.hold().release() // the refusal's own line is synced, the decision's is not
    expect(world.proxy.cut(() => true, 'stopped by hand')).toBe(1)
    expect(await reply).toEqual({ status: 403, text: expect.stringContaining('kill-switch.cut') })
    expect(world.proxy.active()).toEqual([])
  })

  it('is settled when its client leaves', async () => {
    const { world, looked } = await hold(answerOf('all is well'))
    const { hostname, port } = new URL(world.url)
    const client = connect(Number(port), hostname)
    const body = chatBody()
    client.write(`POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${keys.plain}\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
    await until(() => looked.some((text) => text.includes('all is well')), 'the look at the answer')
    world.log.hold().release()
    client.destroy()
    await until(() => world.meter.settled.length === 1, 'the settlement')
    expect(outcome(world)).toMatchObject({ status: 499, result_summary: 'the client left' })
    expect(world.proxy.active()).toEqual([])
  })
})

describe('a reply that is held', () => {
  const heard: string[] = []
  let isReading = true
  const under = {
    headersSent: false,
    finished: false,
    start: (status: number) => void heard.push(`start ${status}`),
    write: (chunk: Buffer | string) => (heard.push(`write ${chunk.length}`), isReading),
    end: () => void heard.push('end'),
    whole: (status: number) => void heard.push(`whole ${status}`),
    onDrain: () => {},
    onGone: () => {},
    destroy: () => void heard.push('destroy'),
  }
  afterEach(() => {
    heard.length = 0
    isReading = true
  })

  it('says everything in order once it may, and from then on at once', () => {
    const reply = new HeldReply(under)
    reply.start(200, [])
    reply.write('abc')
    expect(heard).toEqual([])
    reply.release()
    reply.write('de')
    reply.end()
    expect(heard).toEqual(['start 200', 'write 3', 'write 2', 'end'])
  })

  it('asks for a pause beyond a quarter of a mebibyte, and for more once it was released', () => {
    const reply = new HeldReply(under)
    let isAskedForMore = false
    reply.onDrain(() => (isAskedForMore = true))
    expect(reply.write(Buffer.alloc(262_144))).toBe(true)
    expect(reply.write('x')).toBe(false)
    expect(isAskedForMore).toBe(false)
    reply.release()
    expect(isAskedForMore).toBe(true)
  })

  it('does not ask a client for more that does not read', () => {
    const reply = new HeldReply(under)
    let isAskedForMore = false
    reply.onDrain(() => (isAskedForMore = true))
    reply.write(Buffer.alloc(262_145))
    isReading = false
    reply.release()
    expect(isAskedForMore).toBe(false)
  })

  it('forgets what was said', () => {
    const reply = new HeldReply(under)
    reply.whole(200, [], 'secret')
    expect(reply.forget()).toBe(under)
    reply.release()
    expect(heard).toEqual([])
  })
})
