import { afterEach, expect, it } from 'vitest'
import { chatBody, fakeContent, keys, openUpstream, openWorld, providerAt, until, type Upstream, type World } from './fakes.test.kit.ts'

let upstream: Upstream
let world: World
afterEach(async () => {
  await world.proxy.close()
  await upstream.close()
})

const finder = {
  tells: true,
  pending: () => 0,
  find: (text: string) => [...text.matchAll(/NOTE/g)].map(({ index }) => ({ type: 'pii.note', start: index, end: index + 4, isNote: true as const })),
}

it.each([
  ['in a stream', true, `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'a NOTE' } }] })}\n\ndata: [DONE]\n\n`],
  ['in a whole answer', false, JSON.stringify({ choices: [{ message: { content: 'a NOTE, NOTE' } }] })],
])('what is only to be told stays %s, and its kind is in the log of that call alone', async (_, stream, body) => {
  upstream = await openUpstream((reply) => {
    reply.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' })
    reply.end(upstream.seen.length === 1 ? body : body.replaceAll('NOTE', 'word'))
  })
  world = await openWorld([providerAt(upstream.url, 'openai-chat')], { ports: { content: { ...fakeContent, answerFinders: [finder] } } })
  for (const shown of [body, body.replaceAll('NOTE', 'word')]) {
    const request = { method: 'POST', headers: { authorization: `Bearer ${keys.plain}` }, body: chatBody({ stream }) }
    expect(await (await fetch(`${world.url}/v1/chat/completions`, request)).text()).toBe(shown)
  }
  await until(() => world.log.entries.length === 4, 'both outcomes')
  const signals = world.log.entries.filter(({ status }) => status === 200).map(({ detail }) => detail?.['signals'])
  expect(signals).toEqual(['pii.note', undefined])
})
