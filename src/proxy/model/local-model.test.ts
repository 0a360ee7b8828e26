import { describe, expect, it } from 'vitest'
import { chatBody, keys, openWorld, sampleSecret } from './fakes.test.kit.ts'
import type { LocalModelRequest } from './local.ts'

describe('a model inside the guard', () => {
  it('reads what would have gone out, without its secrets', async () => {
    const heard: LocalModelRequest[] = []
    const local = (request: LocalModelRequest): { text: string } => {
      heard.push(request)
      return { text: 'heard' }
    }
    const world = await openWorld([{ name: 'test', api: 'openai-chat', baseUrl: 'http://127.0.0.1', key: () => null, local }])
    const body = chatBody({ messages: [{ role: 'user', content: `my key is ${sampleSecret}` }] })
    await (await fetch(`${world.url}/v1/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${keys.plain}` }, body })).text()
    expect(heard.map(({ messages }) => messages.map(({ text }) => text))).toEqual([[expect.stringMatching(/^my key is \[/)]])
    expect(JSON.stringify(heard)).not.toContain(sampleSecret)
    await world.proxy.close()
  })
})
