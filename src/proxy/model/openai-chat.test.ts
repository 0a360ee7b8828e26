import { describe, expect, it } from 'vitest'
import { apis } from './api.ts'
import { fakeContent, sampleSecret } from './fakes.test.kit.ts'
import { Screen } from './screen.ts'
import { emptyTally } from './usage.ts'

const half = sampleSecret.slice(0, 9)
const rest = sampleSecret.slice(9)

/** What a client reads of these deltas, each an event of its own. */
function screened(deltas: object[], more: object = {}): string {
  const screen = new Screen({
    api: apis['openai-chat'],
    content: fakeContent,
    tally: emptyTally(),
    dropUsage: false,
    replaceError: null,
    maxEventBytes: 1e6,
    nowMs: () => 0,
  })
  const events = deltas.map((delta) => `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: null, ...more }] })}\n\n`)
  return Buffer.concat([...events.flatMap((event) => screen.feed(Buffer.from(event))), ...screen.end()]).toString()
}

describe('a secret in a streamed chat completion', () => {
  it.each([
    ['the text', [{ content: half }, { content: rest }]],
    ['a refusal', [{ refusal: half }, { refusal: rest }]],
    ['what DeepSeek thinks', [{ reasoning_content: half }, { reasoning_content: rest }]],
    ['what is said aloud', [{ audio: { transcript: half } }, { audio: { transcript: rest } }]],
    ['arguments', [{ tool_calls: [{ index: 0, function: { name: 'f', arguments: `"${half}` } }] }, { tool_calls: [{ index: 0, function: { arguments: `${rest}"` } }] }]],
    ['arguments of 2023', [{ function_call: { name: 'f', arguments: `"${half}` } }, { function_call: { arguments: `${rest}"` } }]],
    ['input of a custom tool', [{ tool_calls: [{ index: 0, custom: { name: 'f', input: half } }] }, { tool_calls: [{ index: 0, custom: { input: rest } }] }]],
    ['the name of a tool beside its arguments', [{ tool_calls: [{ index: 0, function: { name: sampleSecret, arguments: '{}' } }] }]],
    ['a summary of thoughts', [{ reasoning_details: [{ index: 0, type: 'reasoning.summary', summary: half }] }, { reasoning_details: [{ index: 0, summary: rest }] }]],
    ['an annotation beside text', [{ content: 'see', annotations: [{ type: 'url_citation', url_citation: { title: sampleSecret } }] }]],
  ])('is taken out of %s', (_where, deltas) => {
    const text = screened(deltas)
    expect(text).toContain('[REDACTED_SAMPLE]')
    expect(text).not.toContain(rest)
  })

  it('is taken out of the tokens beside the text too', () => {
    const logprobs = { content: [{ token: rest, logprob: -0.1, bytes: [] }] }
    const text = screened([{ content: half }, { content: rest }], { logprobs })
    expect(text).toContain('[REDACTED_SAMPLE]')
    expect(text).not.toContain(rest)
  })

  it('is not looked for in signed thoughts and sound, which would be void', () => {
    const details = [{ index: 0, type: 'reasoning.text', text: sampleSecret, signature: sampleSecret }]
    expect(screened([{ reasoning_details: details }])).toContain(JSON.stringify(details))
    expect(screened([{ audio: { data: sampleSecret } }])).toContain(sampleSecret)
  })
})

describe('a chat request', () => {
  it('names its tools, those of 2023 too', () => {
    const body = { tools: [{ type: 'function', function: { name: 'a' } }, { type: 'custom', custom: {} }], functions: [{ name: 'b' }] }
    expect(apis['openai-chat'].readToolNames(body)).toEqual(['a', 'b'])
  })
})
