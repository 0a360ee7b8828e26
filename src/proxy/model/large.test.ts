import { afterEach, describe, expect, it } from 'vitest'
import { chatBody, fakeContent, keys, openUpstream, openWorld, providerAt, sampleSecret, type Upstream, type World } from './fakes.test.kit.ts'
import { KnownClean } from './known-clean.ts'
import type { ModelContent } from './ports.ts'
import { redactJson } from './redact-json.ts'
import { largeChars, redactLargeJson } from './redact-large.ts'

const patient = { nowMs: () => 0, maxWorkMs: 1 }
const filler = 'words of a "long" text\\n, and more of them; '
const text = (secretAt: readonly number[], length = 300_000): string => {
  let long = filler.repeat(Math.ceil(length / filler.length))
  for (const at of secretAt) long = `${long.slice(0, at)} ${sampleSecret} ${long.slice(at)}`
  return JSON.stringify({ messages: [{ role: 'user', content: long }] })
}

describe('a text too long to be looked through at once', () => {
  it('is redacted as it would be at once, wherever its pieces meet', async () => {
    for (let shift = -20; shift <= 20; shift += 3) {
      const json = text([100, 65_536 + shift, 2 * 65_536 + shift, 299_000])
      expect(await redactLargeJson(json, fakeContent, 'client', patient)).toEqual(redactJson(json, fakeContent, 'client'))
    }
  })

  it('is known to be clean when it is, and not when it is not, however it is spelled', async () => {
    const known = new KnownClean(fakeContent)
    const covers = async (json: string): Promise<boolean> => await known.coversLarge(Buffer.from(json), patient)
    expect(await covers(text([]))).toBe(true)
    for (let shift = -20; shift <= 20; shift += 3) expect(await covers(text([65_536 + shift]))).toBe(false)
    expect(await covers(text([65_536]).replace(sampleSecret, () => `\\u0053${sampleSecret.slice(1)}`))).toBe(false)
  })

  it('is known at once the second time', async () => {
    const known = new KnownClean(fakeContent)
    const body = Buffer.from(text([]))
    expect(await known.coversLarge(body, patient)).toBe(true)
    expect(known.coversLarge(body, patient)).toBe(true)
  })

  it('is refused when looking through it takes too long', async () => {
    let now = 0
    const impatient = { nowMs: () => (now += 10), maxWorkMs: 15 }
    expect(await redactLargeJson(text([]), fakeContent, 'client', impatient)).toMatchObject({ ok: false, reason: expect.stringContaining('takes too long') })
    expect(await new KnownClean(fakeContent).coversLarge(Buffer.from(text([])), impatient)).toBe(false)
  })
})

let upstream: Upstream
let world: World
afterEach(async () => {
  await world?.proxy.close()
  await upstream?.close()
})

async function answered(body: string, type: string, { content = fakeContent, ask = {} }: { content?: ModelContent; ask?: object } = {}): Promise<string> {
  upstream = await openUpstream((reply) => void reply.writeHead(200, { 'content-type': type }).end(body))
  world = await openWorld([providerAt(upstream.url, 'openai-chat')], { ports: { content } })
  const headers = { authorization: `Bearer ${keys.plain}` }
  return await (await fetch(`${world.url}/v1/chat/completions`, { method: 'POST', headers, body: chatBody(ask) })).text().catch(() => 'broken off')
}

describe('large requests and answers', () => {
  it('lose their secrets like small ones', async () => {
    const content = `${filler.repeat(10_000)} ${sampleSecret}`
    const reply = await answered(JSON.stringify({ choices: [{ message: { content } }] }), 'application/json', { ask: { messages: [{ role: 'user', content }] } })
    expect(upstream.seen[0]!.body.length).toBeGreaterThan(largeChars)
    for (const shown of [upstream.seen[0]!.body, reply]) expect(shown).toMatch(/\[REDACTED_\w+\]"/)
    for (const shown of [upstream.seen[0]!.body, reply]) expect(shown).not.toContain(sampleSecret)
  })

  it('are charged by their bytes when the provider does not say what they cost', async () => {
    await answered('{}', 'application/json', { ask: { messages: [{ role: 'user', content: filler.repeat(10_000) }] } })
    expect(world.meter.settled).toMatchObject([{ inputTokens: upstream.seen[0]!.body.length, exact: false }])
  })

  it('leave room for others while they are looked through', async () => {
    let turns = 0
    let isLooking = true
    const countTurns = (): void => void (isLooking && setImmediate(() => (turns++, countTurns())))
    countTurns()
    await answered('{}', 'application/json', { ask: { messages: [{ role: 'user', content: filler.repeat(20_000) }] } })
    isLooking = false
    expect(turns).toBeGreaterThan(10)
  })

  it('an event of a stream with more text than any model writes at once ends the answer', async () => {
    const event = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'x'.repeat(1_100_000) } }] })}\n\n`
    await answered(event, 'text/event-stream', { ask: { stream: true } })
    expect(world.log.entries.map(({ rule }) => rule)).toContain('inspect.event-too-large')
    expect(world.log.entries.at(-1)?.bytes_out ?? 0).toBeLessThan(1_000)
  })

  it('an event that is one large picture goes on as it came', async () => {
    const image = 'iVBORw0KGgo'.repeat(110_000)
    const event = `data: ${JSON.stringify({ type: 'x', item: { type: 'image_generation_call', result: image } })}\n\ndata: [DONE]\n\n`
    expect(await answered(event, 'text/event-stream', { ask: { stream: true } })).toBe(event)
  })
})

describe('what must stay as it came', () => {
  const inKept: Partial<ModelContent> = {
    findKnown: (part) => (part.includes('opaque-value') ? [{ type: 'known-value', start: part.indexOf('opaque-value'), end: part.indexOf('opaque-value') + 12 }] : []),
    pendingKnownLength: (part) => (/(?:o|op|opa|opaqu?|opaque|opaque-\w{0,4})$/.exec(part)?.[0].length ?? 0),
  }
  const thinking = (text_: string): string => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { reasoning_details: [{ index: 0, type: 'reasoning.text', text: text_ }] } }] })}\n\n`

  it('is shown as it is, secrets by shape included, because it is signed', async () => {
    const stream = thinking(`a ${sampleSecret}`) + thinking(' b')
    expect(await answered(stream, 'text/event-stream', { content: { ...fakeContent, ...inKept }, ask: { stream: true } })).toBe(stream)
  })

  it('loses values that were handed in, cut anywhere', async () => {
    const whole = 'it is opaque-value, yes'
    for (let at = 1; at < whole.length; at += 2) {
      const shown = await answered(thinking(whole.slice(0, at)) + thinking(whole.slice(at)), 'text/event-stream', { content: { ...fakeContent, ...inKept }, ask: { stream: true } })
      const texts = [...shown.matchAll(/"text":"([^"]*)"/g)].map(([, part]) => part).join('')
      expect(texts).toBe('it is [REDACTED_KNOWN_VALUE], yes')
      await world.proxy.close()
      await upstream.close()
    }
  })

  it('ends an answer when a canary stands in it', async () => {
    const find = (part: string) => (part.includes('canary') ? [{ type: 'canary', start: part.indexOf('canary'), end: part.length, cut: { rule: 'content.canary', reason: 'a canary' } }] : [])
    const content = { ...fakeContent, answerFinders: [{ endsAnswers: true, pending: () => 0, find }] }
    const shown = await answered(thinking('a canary sings'), 'text/event-stream', { content, ask: { stream: true } })
    expect(shown).not.toContain('sings')
    expect(world.log.entries.map(({ rule }) => rule)).toContain('content.canary')
  })
})
