import { expect, it } from 'vitest'
import { withoutEchoes } from './echoes.ts'
import { fakeContent, sampleSecret } from './fakes.test.kit.ts'
import { redactJson } from './redact-json.ts'

it('leaves a text alone that repeats nothing', () => {
  const text = '{ "choices": [ { "logprobs": null } ],  "n": 1.0, "logprobs": true }'
  expect(withoutEchoes(text)).toBe(text)
})

it.each([
  ['OpenAI chat', { message: { content: `it is ${sampleSecret}` }, logprobs: { content: [{ token: 'SECRET' }, { token: '-A1B2C3D4' }] } }],
  ['OpenAI Responses', { text: `it is ${sampleSecret}`, logprobs: [{ token: 'SECRET' }, { token: '-A1B2C3D4' }] }],
  ['Gemini', { parts: [{ text: sampleSecret }], logprobsResult: { chosenCandidates: [{ token: 'SECRET' }, { token: '-A1B2C3D4' }] } }],
])('takes the tokens of a redacted text out of an answer too: %s', (_api, answer) => {
  const result = redactJson(JSON.stringify(answer), fakeContent)
  expect(result).toMatchObject({ ok: true, found: 1 })
  expect(JSON.stringify(result)).not.toMatch(/A1B2C3D4/)
})
