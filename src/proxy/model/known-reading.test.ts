import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { chatBody, keys, openUpstream, openWorld, providerAt, type Upstream, type World } from './fakes.test.kit.ts'
import { countMembers, parseObject } from './json-text.ts'
import { readingOf, readOn } from './known-reading.ts'

const message = (content: unknown, role = 'user'): object => ({ role, content })

function commonBytes(one: Buffer, other: Buffer): number {
  let same = 0
  while (same < Math.min(one.length, other.length) && one[same] === other[same]) same++
  return same
}

/** Reads the second body after the first. */
function after(first: string, second: string): ReturnType<typeof readOn> {
  const [one, other] = [Buffer.from(first), Buffer.from(second)]
  return readOn(readingOf(one), other, commonBytes(one, other))
}

describe('a request that goes on from an earlier one', () => {
  it('is read from the last message on that both have', () => {
    const first = JSON.stringify({ model: 'm', messages: [message('a'), message('b')], stream: true })
    const second = JSON.stringify({ model: 'm', messages: [message('a'), message('b'), message('c', 'assistant')], tools: [] })
    const read = after(first, second)
    expect(read!.json).toEqual(JSON.parse(second))
    expect(Object.keys(read!.json)).toEqual(['model', 'messages', 'tools'])
    expect(read!.crc).toBe(crc32(second))
    expect(read!.reading.messages.map(({ value }) => value)).toEqual([message('a'), message('b'), message('c', 'assistant')])
  })

  it('may go on many times', () => {
    let text = JSON.stringify({ messages: [message('begin')] })
    let reading = readingOf(Buffer.from(text))
    for (let n = 0; n < 20; n++) {
      const next = `${text.slice(0, -2)} ,\n${JSON.stringify(message(`é ${n} \\" 🦞`))}]}`
      const body = Buffer.from(next)
      const read = readOn(reading, body, commonBytes(Buffer.from(text), body))!
      expect([read.json, read.crc]).toEqual([JSON.parse(next), crc32(body)])
      reading = read.reading
      text = next
    }
    expect(reading.messages).toHaveLength(21)
  })

  it.each(['messages', 'input', 'contents'])('holds its conversation in `%s`', (key) => {
    const first = JSON.stringify({ system: 's', [key]: [message('a')] })
    const second = JSON.stringify({ system: 's', [key]: [message('a'), message('b')] })
    expect(after(first, second)!.json).toEqual(JSON.parse(second))
  })

  it('may have changed its last message', () => {
    const first = JSON.stringify({ messages: [message('a'), { ...message('b'), cache_control: { type: 'ephemeral' } }] })
    const second = JSON.stringify({ messages: [message('a'), message('b'), message('c')] })
    expect(after(first, second)!.json).toEqual(JSON.parse(second))
  })

  it('keeps a member called __proto__ what the parser makes of it: a member', () => {
    const first = '{"__proto__":{"x":1},"messages":[{"a":1}]}'
    const second = '{"__proto__":{"x":1},"messages":[{"a":1},{"__proto__":2}],"model":"m"}'
    const { json } = after(first, second)!
    expect(JSON.stringify(json)).toBe(second)
    expect(Object.getPrototypeOf(json)).toBe(Object.prototype)
  })

  const begun = '{"model":"m","messages":[{"a":1},{"b":2}'
  it.each([
    ['a number glued to a message', `${begun}.5]}`],
    ['an exponent glued to a message', `${begun}e5]}`],
    ['a message without a comma', `${begun}{"c":3}]}`],
    ['two commas', `${begun},,{"c":3}]}`],
    ['a comma at the end', `${begun},]}`],
    ['the wrong bracket', `${begun}}}`],
    ['another byte where the only message ended', '{"model":"m","messages":[{"a":1x]}'],
    ['no end', `${begun}]`],
    ['something behind the end', `${begun}]} {}`],
    ['a key that stood before the conversation', `${begun}],"model":"dearer"}`],
    ['the same key, written with an escape', `${begun}],"mod\\u0065l":"dearer"}`],
    ['a second conversation', `${begun}],"messages":[{"c":3}]}`],
    ['a key twice behind it', `${begun}],"n":1,"n":9}`],
    ['half a character', Buffer.concat([Buffer.from(`${begun},{"c":"`), Buffer.from([0xc3]), Buffer.from('"}]}')])],
  ])('with %s, is not read on: reading all of it says why', (_what, second) => {
    const [one, other] = [Buffer.from(`${begun}]}`), Buffer.from(second)]
    expect(readOn(readingOf(one), other, commonBytes(one, other))).toBeNull()
  })

  it('never says anything else than reading all of it would, however it differs', () => {
    const text = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('"', '\\', ']}', '{"', 'é', '🦞', '"},{"role":"x'))
    const item = fc.oneof({ weight: 6, arbitrary: fc.record({ role: text, content: fc.oneof(text, fc.array(fc.record({ t: text }), { maxLength: 3 })) }) }, { weight: 1, arbitrary: fc.constantFrom(1, 'x', null, [], {}) })
    const conversation = fc.record({ key: fc.constantFrom('messages', 'input', 'contents', 'other'), items: fc.array(item, { minLength: 1, maxLength: 6 }), before: fc.dictionary(fc.constantFrom('model', 'input', '7', '__proto__'), text, { maxKeys: 2 }), space: fc.constantFrom(0, 1, '\t') })
    const edit = fc.record({ at: fc.nat(400), drop: fc.nat(30), put: fc.oneof(text, fc.constantFrom(',{"c":1}', '],"n":1', ',', ']', '}', '.5', '{}', ' ', '"model":1,', '],"model":"z"}')) })
    let onward = 0
    fc.assert(
      fc.property(conversation, fc.array(edit, { maxLength: 2 }), ({ key, items, before, space }, edits) => {
        const first = JSON.stringify({ ...before, [key]: items }, null, space)
        let second = JSON.stringify({ ...before, [key]: [...items, { role: 'user', content: 'next' }], model: 'm' }, null, space)
        for (const { at, drop, put } of edits) second = second.slice(0, at % second.length) + put + second.slice((at % second.length) + drop)
        const read = after(first, second)
        if (!read) return
        onward++
        const body = Buffer.from(second)
        const whole = parseObject(body.toString('utf8'))
        expect(whole, second).not.toBeNull()
        expect(JSON.stringify(read.json)).toBe(JSON.stringify(whole))
        expect(countMembers(body.toString('utf8'))).toBe(Object.keys(whole!).length)
        expect(read.crc).toBe(crc32(body))
        for (const { end, crc } of read.reading.messages) expect(crc).toBe(crc32(body.subarray(0, end)))
      }),
      { numRuns: 3_000 },
    )
    expect(onward, 'read on often enough to say something').toBeGreaterThan(300)
  })
})

describe('what is remembered of a request', () => {
  it('cannot be changed by whoever uses it', () => {
    const reading = readingOf(Buffer.from('{"system":[{"text":"s"}],"messages":[{"content":[{"text":"a"}]}]}'))
    const { content } = reading.messages[0]!.value as { content: { text: string }[] }
    expect(() => (content[0]!.text = 'b')).toThrow(TypeError)
    expect(() => ((reading.before.system as { text: string }[])[0]!.text = 'b')).toThrow(TypeError)
  })

  it.each([
    ['messages that are text', JSON.stringify({ messages: ['a', 'b'] })],
    ['a conversation somewhere below', JSON.stringify({ options: { messages: [message('a')] } })],
    ['an empty one', '{"messages":[]}'],
    ['a key that only looks like one', JSON.stringify({ 'messages"': [message('a')] })],
    ['the name of a conversation as a value', '{"a":"messages"}'],
    ['a key twice before it', '{"a":1,"a":2,"messages":[{"b":1}]}'],
  ])('is nothing for %s', (_what, text) => {
    expect(readingOf(Buffer.from(text)).messages).toEqual([])
  })

  it('ends before a message that would take far more memory than its text, or is nested deeply', () => {
    const many = { role: 'user', content: Array.from({ length: 4_000 }, () => []) }
    expect(readingOf(Buffer.from(JSON.stringify({ messages: [message('a'), many, message('b')] }))).messages).toHaveLength(1)
    const deep = `{"role":"user","content":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
    expect(readingOf(Buffer.from(`{"messages":[{"a":1},${deep}]}`)).messages).toHaveLength(1)
    expect(readingOf(Buffer.from(`{"tools":${'['.repeat(100_000)}${']'.repeat(100_000)},"messages":[{"a":1}]}`)).messages).toEqual([])
  })
})

describe('a long conversation through the proxy', () => {
  const open: { close(): Promise<void> }[] = []
  afterEach(async () => {
    for (const thing of open.splice(0).reverse()) await thing.close()
  })

  const history = Array.from({ length: 40 }, (_, n) => message(`${n} the harbour was "quiet" that évening\n`.repeat(40), n % 2 ? 'assistant' : 'user'))

  async function set(): Promise<{ world: World; upstream: Upstream; send: (body: string) => Promise<{ status: number; text: string }> }> {
    const upstream = await openUpstream((reply) => void reply.writeHead(200, { 'content-type': 'application/json' }).end('{"choices":[]}'))
    const world = await openWorld([providerAt(upstream.url, 'openai-chat')])
    open.push(upstream, world.proxy)
    const send = async (body: string): Promise<{ status: number; text: string }> => {
      const reply = await fetch(`${world.url}/v1/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${keys.plain}` }, body })
      return { status: reply.status, text: await reply.text() }
    }
    return { world, upstream, send }
  }

  it('is judged, counted and sent on like each of its requests alone', async () => {
    const { world, upstream, send } = await set()
    const alone = await set()
    const picture = { type: 'image_url', image_url: { url: 'https://example.org/a.png' } }
    const bodies = [0, 2, 4, 6, 8].map((more) => chatBody({ messages: [...history, ...history.slice(0, more), ...(more > 4 ? [message([picture])] : [])] }))
    for (const [turn, body] of bodies.entries()) {
      expect((await send(body)).status).toBe(200)
      expect(upstream.seen[turn]!.body === body).toBe(true)
      const fresh = turn === 0 ? alone : await set()
      await fresh.send(body)
      const { id: _id, ...claim } = world.meter.claims[turn]!
      expect(fresh.world.meter.claims[0]).toMatchObject(claim)
      expect(world.log.entries.filter(({ decision }) => decision)[turn]!.input_summary).toBe(fresh.world.log.entries[0]!.input_summary)
    }
    expect(world.meter.claims[4]!.unseenInputTokens).toBeGreaterThan(0)
  })

  it('is refused for what a request is refused for', async () => {
    const { send, upstream } = await set()
    const body = chatBody({ messages: history })
    for (let n = 0; n < 3; n++) expect((await send(body)).status).toBe(200)
    for (const [bad, rule] of [
      [body.replace(/\]\}$/, '],"model":"dearer"}'), 'request.duplicate-key'],
      [body.replace(/\]\}$/, ']'), 'request.not-json'],
      [body.replace(/\]\}$/, '],"n":0}'), 'request.not-valid'],
    ] as const) {
      expect(await send(bad)).toEqual({ status: 400, text: expect.stringContaining(rule) })
    }
    expect(upstream.seen).toHaveLength(3)
  })
})
