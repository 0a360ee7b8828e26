import { describe, expect, it } from 'vitest'
import { Secret } from '../../base/index.ts'
import { createKnownValues, findSecrets, pendingSecretLength, redactSecrets } from '../../content/index.ts'
import { forAnswers } from './finders.ts'
import type { ModelContent } from './ports.ts'
import { redactAnswer, redactLargeAnswer } from './redact-answer.ts'
import { redactJson } from './redact-json.ts'

// What an attack on kept texts found, November 2026: a private key that opens in signed thinking and is closed later is
// one finding, which begins where nothing may be changed, and hid everything in between.

const known = ['correct-horse', 'battery-staple'].join('-')
const values = createKnownValues([new Secret(known).reveal()], (text) => text)
const room: ModelContent = {
  findSecrets: (text) => findSecrets(text, values),
  redactSecrets: (text) => redactSecrets(text, values),
  pendingSecretLength: (text) => pendingSecretLength(text, values),
  findKnown: (text) => values.endingIn(text, 0).map(({ start, end }) => ({ type: 'known-value', start, end })),
  answerFinders: [{ exceptArguments: true, find: () => [], pending: () => 0 }],
}
const content = forAnswers(room)
const token = ['ghp', 'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3hJ5'].join('_')
const [begin, end] = [['-----BEGIN', 'PRIVATE KEY-----'].join(' '), ['-----END', 'PRIVATE KEY-----'].join(' ')]
const thinking = { type: 'thinking', thinking: `it opens with ${begin} and so on`, signature: 's' }
const patience = { nowMs: () => 0, maxWorkMs: 1e9 }

describe.each([['a token', token], ['a value that was handed to us', known]])('%s behind signed thinking that opens a private key', (_what, secret) => {
  it.each([
    ['what Claude says', { content: [thinking, { type: 'text', text: `here: ${secret} ${end}` }] }],
    ['what Gemini says', { candidates: [{ content: { parts: [{ thoughtSignature: `${begin} and so on`, text: `here: ${secret} ${end}` }] } }] }],
    ['what Responses says', { output: [{ type: 'reasoning', encrypted_content: `${begin} and so on` }, { type: 'message', content: [{ type: 'output_text', text: `here: ${secret} ${end}` }] }] }],
    ['the arguments of a tool', { content: [thinking, { type: 'tool_use', id: 'a', name: 'exec', input: { cmd: `echo ${secret} # ${end}` } }] }],
  ])('is taken out of %s', async (_where, answer) => {
    for (const result of [redactAnswer(JSON.stringify(answer), content), await redactLargeAnswer(JSON.stringify(answer), content, patience)]) {
      expect(result).toMatchObject({ ok: true, text: expect.stringContaining('and so on') })
      expect(JSON.stringify(result)).not.toContain(secret)
    }
  })

  it('is taken out of a request', () => {
    const request = { messages: [{ role: 'assistant', content: [thinking] }, { role: 'user', content: `it is ${secret} and ${end}` }] }
    const result = redactJson(JSON.stringify(request), room, 'client')
    expect(result).toMatchObject({ ok: true, text: expect.stringContaining('and so on') })
    expect(JSON.stringify(result)).not.toContain(secret)
  })
})

it.each([['on one line', ' '], ['on lines of its own', '\n']])('a value that was handed to us is taken out of a key in signed thinking, %s', (_how, space) => {
  const answer = { content: [{ type: 'thinking', thinking: [begin, known, 'and so on', end].join(space), signature: 's' }, { type: 'text', text: 'hello' }] }
  const result = redactAnswer(JSON.stringify(answer), content)
  expect(result).toMatchObject({ ok: true, text: expect.stringContaining('and so on') })
  expect(JSON.stringify(result)).not.toContain(known)
})

it('an answer whose kept texts alone look like a secret goes on as it came', () => {
  const text = JSON.stringify({ content: [{ ...thinking, thinking: `${begin} and` }, { ...thinking, thinking: `so on ${end}` }, { type: 'text', text: 'hello' }] }, null, 1)
  expect(redactAnswer(text, content)).toEqual({ ok: true, text, found: 0 })
})
