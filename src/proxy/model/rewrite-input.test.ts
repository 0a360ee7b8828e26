import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fakeContent, keys, openUpstream, openWorld, providerAt, traceparent, type Upstream, type World } from './fakes.test.kit.ts'
import type { InputText, InputVerdict, ModelContent } from './ports.ts'

/** The system prompt explains marks when it says `MARKS`; texts lose their `~`. */
function screenInput({ channel, text }: InputText): InputVerdict {
  if (channel === 'system') return text.includes('MARKS') ? { signals: [], explainsMarks: true } : { signals: [`boundary.${text.includes('ALTERED') ? 'altered' : 'missing'}`] }
  return text.includes('~') ? { signals: [], changes: (part) => part.replaceAll('~', '') } : { signals: [] }
}
const content: ModelContent = {
  ...fakeContent,
  screenInput,
  marksFor: ({ scope, text }) => ({ open: `<u ${scope} ${text.length}>\n`, close: '\n</u>' }),
}

let upstream: Upstream
let world: World
beforeEach(async () => {
  upstream = await openUpstream((reply) => void reply.writeHead(200, { 'content-type': 'application/json' }).end('{}'))
})
afterEach(async () => {
  await world.proxy.close()
  await upstream.close()
})

type Api = Parameters<typeof providerAt>[1]
const paths: Readonly<Record<Api, string>> = {
  'openai-chat': '/v1/chat/completions',
  'openai-responses': '/v1/responses',
  'anthropic-messages': '/v1/messages',
  'google-generative': '/v1beta/models/g:generateContent',
}

/** @returns the body as the provider got it */
async function sent(api: Api, body: string, more: Partial<ModelContent> = {}, key: string = keys.plain): Promise<string> {
  world = await openWorld([providerAt(upstream.url, api)], { ports: { content: { ...content, ...more } } })
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', traceparent }
  await (await fetch(world.url + paths[api], { method: 'POST', headers, body })).text()
  return upstream.seen.at(-1)?.body ?? ''
}

const chat = (...messages: object[]): object => ({ model: 'm', messages })
const requests: readonly (readonly [string, Api, (result: string) => object])[] = [
  ['a tool message', 'openai-chat', (result) => chat({ role: 'system', content: 'MARKS' }, { role: 'tool', tool_call_id: 'c', content: result })],
  ['parts of a tool message', 'openai-chat', (result) => chat({ role: 'system', content: 'MARKS' }, { role: 'tool', tool_call_id: 'c', content: [{ type: 'text', text: result }] })],
  ['the output of a function', 'openai-responses', (output) => ({ model: 'm', instructions: 'MARKS', input: [{ type: 'function_call_output', call_id: 'c', output }] })],
  ['a tool_result', 'anthropic-messages', (result) => ({ model: 'm', max_tokens: 9, system: 'MARKS', messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c', content: result }] }] })],
  ['blocks of a tool_result', 'anthropic-messages', (result) => ({ model: 'm', max_tokens: 9, system: [{ type: 'text', text: 'MARKS' }], messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c', content: [{ type: 'text', text: result }] }] }] })],
  ['a functionResponse', 'google-generative', (result) => ({ systemInstruction: { parts: [{ text: 'MARKS' }] }, contents: [{ role: 'user', parts: [{ functionResponse: { name: 'f', response: { id: 'x1', deep: { output: result } } } }] }] })],
]

describe('results of tools', () => {
  it.each(requests)('%s stands between marks, byte for byte', async (_, api, request) => {
    const result = 'page: "a"\n\u00e9 \\u0041'
    const body = JSON.stringify(request('RESULT of a page'), null, 1).replace('RESULT of a page', () => 'page: \\"a\\"\\n\u00e9 \\\\u0041')
    const marked = body.replace('page: \\"a\\"\\n\u00e9 \\\\u0041', (inner) => `<u ci ${result.length}>\\n${inner}\\n</u>`)
    expect(await sent(api, body)).toBe(marked)
  })

  it.each(requests)('%s stays as it is where the system prompt says nothing of marks', async (_, api, request) => {
    const body = JSON.stringify(request('a result')).replace('MARKS', 'be brief')
    expect(await sent(api, body)).toBe(body)
  })

  it('carry marks that depend on the session and the text, and on nothing else', async () => {
    const body = JSON.stringify(chat({ role: 'system', content: 'MARKS' }, { role: 'tool', tool_call_id: 'c', content: 'a b' }))
    const first = await sent('openai-chat', body)
    const asAgent = await sent('openai-chat', body, {}, keys.gateway)
    expect(first).toContain('<u ci 3>')
    expect(asAgent).toContain('<u agent:main:main 3>')
    expect(await sent('openai-chat', body)).toBe(first)
  })

  it('cost what they cost with their marks', async () => {
    const body = JSON.stringify(chat({ role: 'system', content: 'MARKS' }, { role: 'tool', tool_call_id: 'c', content: 'a b' }))
    const out = await sent('openai-chat', body)
    expect(out.length).toBeGreaterThan(body.length)
    expect(world.meter.claims[0]).toMatchObject({ inputBytes: Buffer.byteLength(out) })
  })

  it('have their marks even when nobody had time to look at them', async () => {
    const long = 'a b '.repeat(140_000)
    const body = JSON.stringify(chat({ role: 'system', content: 'MARKS' }, { role: 'tool', content: long }, { role: 'tool', content: 'x y' }))
    const out = await sent('openai-chat', body)
    expect(out).toContain('<u ci 3>\\nx y\\n</u>')
    expect(out).toContain(`<u ci ${long.length}>\\na b a b`)
  })
})

describe('what may not go on', () => {
  it('is taken out of messages and results, alone or in parts, and every other byte stays', async () => {
    const body = '{"model":"m",  "messages":[{"role":"user","content":"a~b"},{"content":[{"type":"text","text":"c~"},{"type":"text","text":"d"}],"role":"user"},{"role":"tool","content":"~e"},{"role":"assistant","content":"f~"}], "n":1.0}'
    expect(await sent('openai-chat', body)).toBe(body.replace('a~b', 'ab').replace('c~', 'c').replace('~e', 'e'))
  })

  it('is not looked at again in what goes to a model inside the guard, which gets no marks', async () => {
    const local = { name: 'local', api: 'openai-chat' as const, baseUrl: '', key: () => null, local: ({ messages }: { messages: readonly { text: string }[] }) => ({ text: messages.map(({ text }) => text).join('|') }) }
    world = await openWorld([local], { ports: { content } })
    const body = JSON.stringify(chat({ role: 'system', content: 'MARKS' }, { role: 'tool', content: '~r' }))
    const reply = await fetch(world.url + paths['openai-chat'], { method: 'POST', headers: { authorization: `Bearer ${keys.plain}` }, body })
    expect(await reply.text()).toContain('"MARKS|r"')
  })
})

describe('a boundary block that is gone or changed', () => {
  const asAgent = (system: string, more: object = {}): string => JSON.stringify({ ...chat({ role: 'system', content: system }, { role: 'user', content: 'hi' }), ...more })
  const tools = [{ type: 'function', function: { name: 'read' } }]
  const alerts = (): (string | undefined)[] => world.log.entries.filter(({ event_type }) => event_type === 'alert').map(({ rule }) => rule)

  it('is an alert, once for each session', async () => {
    await sent('openai-chat', asAgent('ALTERED'), {}, keys.gateway)
    const headers = { authorization: `Bearer ${keys.gateway}`, traceparent }
    await (await fetch(world.url + paths['openai-chat'], { method: 'POST', headers, body: asAgent('ALTERED') })).text()
    expect(upstream.seen).toHaveLength(2)
    expect(alerts()).toEqual(['content.boundary.altered'])
  })

  it('is an alert where an agent with tools has none, and only noted for a small job without', async () => {
    await sent('openai-chat', asAgent('a title, please'), {}, keys.gateway)
    expect(alerts()).toEqual([])
    await sent('openai-chat', asAgent('you are an agent', { tools }), {}, keys.gateway)
    expect(alerts()).toEqual(['content.boundary.missing'])
  })

  it('ends the call when the operator wants that, as a well-formed answer', async () => {
    world = await openWorld([providerAt(upstream.url, 'openai-chat')], { ports: { content: { ...content, refusesDrift: true } } })
    const headers = { authorization: `Bearer ${keys.gateway}`, traceparent }
    const reply = await fetch(world.url + paths['openai-chat'], { method: 'POST', headers, body: asAgent('ALTERED') })
    expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining('content.boundary.altered')])
    expect(upstream.seen).toEqual([])
  })

  it('does not concern callers that are no agents', async () => {
    await sent('openai-chat', asAgent('ALTERED'))
    expect(alerts()).toEqual([])
  })
})
