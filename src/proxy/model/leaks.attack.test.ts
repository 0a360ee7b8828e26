import { afterEach, describe, expect, it } from 'vitest'
import type { ServerResponse } from 'node:http'
import { chatBody, fakeContent, keys, openUpstream, openWorld, providerAt, sampleSecret, type Upstream, type World } from './fakes.test.kit.ts'
import type { AnswerFinder } from './ports.ts'

let world: World
let upstream: Upstream
afterEach(async () => {
  await world.proxy.close()
  await upstream.close()
})

/** What the client gets when the provider answers like this. */
async function ask(answer: (reply: ServerResponse) => void, more: object = {}): Promise<Response> {
  upstream = await openUpstream(answer)
  world = await openWorld([providerAt(upstream.url, 'openai-chat')])
  const headers = { authorization: `Bearer ${keys.plain}` }
  return await fetch(`${world.url}/v1/chat/completions`, { method: 'POST', headers, body: chatBody(more) })
}

function send(reply: ServerResponse, type: string, body: string): void {
  reply.writeHead(200, { 'content-type': type }).end(body)
}

const event = (choice: object, mark = ''): string => `${mark}data: ${JSON.stringify({ choices: [{ index: 0, ...choice }] })}\n\n`
const escaped = `\\u${sampleSecret.charCodeAt(0).toString(16).padStart(4, '0')}${sampleSecret.slice(1)}`
const call = { index: 0, id: 'c1', type: 'function', function: { name: 'message', arguments: `{"text":"${escaped}"}` } }

/** The arguments as the tool gets them. */
const given = (text: string): string => JSON.stringify(JSON.parse(JSON.parse(`"${/"arguments":"((?:[^"\\]|\\.)*)"/.exec(text)![1]!}"`) as string))

describe('a secret the model spells with escapes in the arguments of a tool', () => {
  it('does not reach the tool when the answer is whole', async () => {
    const message = { role: 'assistant', content: null, tool_calls: [call] }
    const response = await ask((reply) => send(reply, 'application/json', JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'tool_calls' }] })))
    expect(given(await response.text())).not.toContain(sampleSecret)
  })

  it('does not reach the tool when the answer streams', async () => {
    const body = event({ delta: { tool_calls: [call] } }) + event({ delta: {}, finish_reason: 'tool_calls' }) + 'data: [DONE]\n\n'
    const response = await ask((reply) => send(reply, 'text/event-stream', body), { stream: true })
    expect(given(await response.text())).not.toContain(sampleSecret)
  })
})

describe('a secret beside what the screen looks at', () => {
  it('does not pass in an event behind a byte order mark, which the official SDKs strip', async () => {
    const body = event({ delta: { content: sampleSecret } }, '\ufeff') + 'data: [DONE]\n\n'
    const response = await ask((reply) => send(reply, 'text/event-stream', body), { stream: true })
    expect(await response.text()).not.toContain(sampleSecret)
  })

  it('does not pass split over events behind such marks', async () => {
    const body = event({ delta: { content: sampleSecret.slice(0, 9) } }, '\ufeff') + event({ delta: { content: sampleSecret.slice(9) } }, '\ufeff')
    const response = await ask((reply) => send(reply, 'text/event-stream', body), { stream: true })
    const text = [...(await response.text()).matchAll(/"content":"([^"]*)"/g)].map((match) => match[1]).join('')
    expect(text).toBe('[REDACTED_SAMPLE]')
  })

  it('does not pass in a field we do not know, beside a text we do', async () => {
    const body = event({ delta: { content: 'hello ', images: [{ image_url: { url: sampleSecret } }] } }) + 'data: [DONE]\n\n'
    const response = await ask((reply) => send(reply, 'text/event-stream', body), { stream: true })
    expect(await response.text()).not.toContain(sampleSecret)
  })

  it('does not pass split over the events of a stream that calls itself something else', async () => {
    const body = event({ delta: { content: sampleSecret.slice(0, 9) } }) + event({ delta: { content: sampleSecret.slice(9) } })
    const response = await ask((reply) => send(reply, 'text/plain', body), { stream: true })
    const text = [...(await response.text()).matchAll(/"content":"([^"]*)"/g)].map((match) => match[1]).join('')
    expect(text).not.toContain(sampleSecret)
  })

  it('does not pass escaped in a whole answer behind a byte order mark', async () => {
    const body = `\ufeff{"choices":[{"index":0,"message":{"role":"assistant","content":"${escaped}"},"finish_reason":"stop"}]}`
    const response = await ask((reply) => send(reply, 'application/json', body))
    expect(JSON.stringify(await response.json())).not.toContain(sampleSecret)
  })
})

describe('a secret around the data of an event', () => {
  it.each([
    ['its name', `event: ${sampleSecret}\ndata: {}\n\n`],
    ['its id', `id: ${sampleSecret}\ndata: {}\n\n`],
    ['a comment', `: ${sampleSecret}\n\n`],
    ['a comment beside data', `data: {}\n: ${sampleSecret}\n\n`],
    ['a field nobody knows', `note: ${sampleSecret}\n\n`],
    ['an event without end', `: ${sampleSecret}`],
    ['data that is an array', `data: [{"choices":"${escaped}"}]\n\n`],
  ])('does not pass in %s', async (_place, body) => {
    const response = await ask((reply) => send(reply, 'text/event-stream', `${event({ delta: { content: 'hi' } })}${body}`), { stream: true })
    const text = await response.text()
    expect(text).toContain('"content":"hi"')
    expect(text).not.toContain(sampleSecret)
    expect(text).not.toContain(escaped)
  })

  it('does not hide behind a mark that makes an empty line look like another', async () => {
    const body = `data: {"a":1}\n\ufeff\n${event({ delta: { content: sampleSecret } })}`
    const response = await ask((reply) => send(reply, 'text/event-stream', body), { stream: true })
    expect(await response.text()).not.toContain(sampleSecret)
  })
})

describe('an answer that is not what was asked for', () => {
  it.each([
    ['an array', `[{"choices":[{"index":0,"message":{"content":"${escaped}"}}]}]`],
    ['text', 'how are you'],
    ['a stream', event({ delta: { content: 'hi' } })],
  ])('%s is not shown', async (_what, body) => {
    const response = await ask((reply) => send(reply, 'application/json', body))
    expect([response.status, await response.text()]).toEqual([502, expect.stringContaining('not the JSON that was asked for')])
  })

  it('is not shown when nobody could look through it without holding up everybody else', async () => {
    const content = 'many words '.repeat(400_000)
    const response = await ask((reply) => send(reply, 'application/json', JSON.stringify({ choices: [{ index: 0, message: { content } }] })))
    expect([response.status, await response.text()]).toEqual([502, expect.stringContaining('longer than can be looked through')])
  })
})

describe('an answer in Google\'s array that holds a canary', () => {
  it('is refused, and not shown as if it ended before', async () => {
    const finder: AnswerFinder = {
      find: (text) => [...text.matchAll(/CANARY/g)].map(({ index }) => ({ type: 'canary', start: index, end: index + 6, cut: { rule: 'content.canary', reason: 'a canary' } })),
      pending: () => 0,
    }
    const events = ['hello ', 'CANARY', ' bye'].map((text) => ({ candidates: [{ content: { parts: [{ text }] }, index: 0 }] }))
    upstream = await openUpstream((reply) => send(reply, 'application/json', JSON.stringify(events)))
    world = await openWorld([providerAt(upstream.url, 'google-generative')], { ports: { content: { ...fakeContent, answerFinders: [finder] } } })
    const response = await fetch(`${world.url}/v1beta/models/gemini-x:streamGenerateContent`, {
      method: 'POST',
      headers: { 'x-goog-api-key': keys.plain },
      body: JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'x' }] }] }),
    })
    expect([response.status, await response.text()]).toEqual([403, expect.stringContaining('content.canary')])
  })
})

describe('a provider that needs no key', () => {
  it('does not learn the virtual key', async () => {
    upstream = await openUpstream((reply) => send(reply, 'application/json', '{}'))
    world = await openWorld([{ ...providerAt(upstream.url, 'openai-chat'), key: () => null }])
    await fetch(`${world.url}/v1/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${keys.plain}` }, body: chatBody() })
    expect(JSON.stringify(upstream.seen[0]!.headers)).not.toContain(keys.plain)
  })
})
