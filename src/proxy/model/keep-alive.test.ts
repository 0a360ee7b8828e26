import { expect, it } from 'vitest'
import { apis, type ApiName } from './api.ts'
import { fakeContent, sampleSecret } from './fakes.test.kit.ts'
import { Screen } from './screen.ts'
import { emptyTally } from './usage.ts'

const signs: [ApiName, string][] = [
  ['openai-chat', ': ping\n\n'],
  ['openai-responses', 'event: keepalive\ndata: {"type":"keepalive","sequence_number":3}\n\n'],
  ['anthropic-messages', 'event: ping\ndata: {"type": "ping"}\n\n'],
  ['google-generative', ':\r\n\r\n'],
]

const undecided: Record<ApiName, object> = {
  'openai-chat': { choices: [{ index: 0, delta: { content: 'it is SECRET-' } }] },
  'openai-responses': { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'it is SECRET-' },
  'anthropic-messages': { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'it is SECRET-' } },
  'google-generative': { candidates: [{ content: { parts: [{ text: 'it is SECRET-' }] } }] },
}

it.each(signs)('a sign of life of %s passes at once, in its place, and overtakes only what has waited long', (api, sign) => {
  let nowMs = 0
  const tally = emptyTally()
  const screen = new Screen({ api: apis[api], content: fakeContent, tally, dropUsage: false, replaceError: null, maxEventBytes: 1e6, nowMs: () => nowMs })
  const feed = (text: string): string => Buffer.concat(screen.feed(Buffer.from(text))).toString()
  expect(feed(sign)).toBe(sign)
  const held = `data: ${JSON.stringify(undecided[api])}\n\n`
  expect(feed(held)).toBe('')
  expect(feed(sign), 'nobody waits yet').toBe('')
  nowMs = 10_000
  expect(feed(sign), 'both of them').toBe(sign + sign)
  expect(Buffer.concat(screen.end()).toString(), 'what it overtook').toBe(held)
})

it.each([
  ['anthropic-messages', `{"type": "ping", "text": "${sampleSecret}"}`],
  ['openai-responses', `{"type":"keepalive","sequence_number":1,"text":"${sampleSecret}"}`],
] as const)('an event of %s that only looks like one is looked at', (api, data) => {
  const content = fakeContent
  const screen = new Screen({ api: apis[api], content, tally: emptyTally(), dropUsage: false, replaceError: null, maxEventBytes: 1e6, nowMs: () => 0 })
  expect(Buffer.concat(screen.feed(Buffer.from(`data: ${data}\n\n`))).toString()).toContain('[REDACTED_SAMPLE]')
})
