import type { ServerResponse } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemRandom } from '../../src/base/index.ts'
import { defaultConfig } from '../../src/config/index.ts'
import { mintCanary, sealCanary } from '../../src/content/index.ts'
import { createGuardContent } from '../../src/guard/content.ts'
import { chatBody, keys, openUpstream, openWorld, providerAt, type Upstream, type World } from '../../src/proxy/model/fakes.test.kit.ts'

const canary = mintCanary(systemRandom)
let text = ''
let upstream: Upstream
let world: World

beforeAll(async () => {
  upstream = await openUpstream((reply, { body }) => {
    const streams = (JSON.parse(body) as { stream?: boolean }).stream === true
    reply.writeHead(200, { 'content-type': streams ? 'text/event-stream' : 'application/json' })
    if (!streams) return void reply.end(JSON.stringify({ choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }] }))
    void speak(reply, text.match(/.{1,5}/gs)!)
  })
  const { content } = defaultConfig()
  const room = createGuardContent({ content, canaries: [sealCanary('notes', canary)], boundary: null })
  world = await openWorld([providerAt(upstream.url, 'openai-chat')], { ports: { content: room.model } })
})
afterAll(async () => {
  await world.proxy.close()
  await upstream.close()
})

/** As a model speaks: one piece after the other. */
async function speak(reply: ServerResponse, pieces: readonly string[]): Promise<void> {
  for (const content of pieces) {
    reply.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  reply.end('data: [DONE]\n\n')
}

async function answer(stream: boolean): Promise<string> {
  const request = { method: 'POST', headers: { authorization: `Bearer ${keys.plain}` }, body: chatBody({ stream }) }
  return await fetch(`${world.url}/v1/chat/completions`, request).then((response) => response.text()).catch(() => 'cut')
}

describe('a canary in disguise', () => {
  it.each([
    ['in clear', canary],
    ['with blanks', [...canary].join(' ')],
    ['with dashes between its letters', [...canary].join(' ------- ')],
    ['in hexadecimal', Buffer.from(canary).toString('hex')],
    ['in binary', [...Buffer.from(canary)].map((byte) => byte.toString(2).padStart(8, '0')).join(' ')],
  ])('%s ends a stream as it ends a whole answer', async (_name, disguised) => {
    text = `here it is: ${disguised}, as you wished`
    expect(await answer(false)).toContain('content.canary')
    const shown = [...(await answer(true)).matchAll(/"content":"([^"]*)"/g)].map((match) => match[1]).join('')
    expect(shown).not.toContain('as you wished')
  })
})
