import { expect, it } from 'vitest'
import { fakeContent, sampleSecret } from './fakes.test.kit.ts'
import { redactJson } from './redact-json.ts'

// Long enough for media, and with something in it that looks like a secret.
const media = `${'A'.repeat(300)}+${'B'.repeat(300)}/${sampleSecret}/${'C'.repeat(20)}`

const parts: [string, object][] = [
  ['a thought signature of Gemini', { functionCall: { name: 'f' }, thoughtSignature: sampleSecret }],
  ['the same in the other spelling', { function_call: { name: 'f' }, thought_signature: sampleSecret }],
  ['what OpenAI encrypted for itself', { type: 'reasoning', encrypted_content: sampleSecret }],
  ['a signed thought passed on by OpenRouter', { type: 'reasoning.text', text: sampleSecret, signature: sampleSecret }],
  ['a picture for Gemini', { inlineData: { mimeType: 'image/png', data: media } }],
  ['a picture for Responses', { type: 'input_image', image_url: `data:image/png;base64,${media}` }],
  ['a file for Responses', { type: 'input_file', file_data: `data:application/pdf;base64,${media}` }],
  ['a picture on its way', { type: 'response.image_generation_call.partial_image', partial_image_b64: media }],
  ['sound of a chat completion', { audio: { id: 'a', data: media } }],
]

it.each(parts)('%s stays as it is, and a secret beside it does not', (_what, part) => {
  const alone = JSON.stringify({ parts: [part] })
  expect(redactJson(alone, fakeContent)).toEqual({ ok: true, text: alone, found: 0 })
  const beside = redactJson(JSON.stringify({ parts: [part, { text: `it is ${sampleSecret}` }] }), fakeContent)
  expect(beside).toMatchObject({ ok: true, found: 1, text: expect.stringContaining('it is [REDACTED_SAMPLE]') })
  expect(JSON.stringify(beside)).toContain(JSON.stringify(JSON.stringify(part)).slice(1, -1))
})

const reasoning = { type: 'reasoning', encrypted_content: sampleSecret }
const thinking = { type: 'thinking', thinking: sampleSecret, signature: 's' }

it.each([
  ['a thought of the model, in its message', { messages: [{ role: 'assistant', content: [thinking] }] }, true],
  ['a thought that went out as an item', { input: [reasoning] }, true],
  ['a thought a person claims to have had', { messages: [{ role: 'user', content: [thinking] }] }, false],
  ['something encrypted in no message', { note: { encrypted_content: sampleSecret } }, false],
  ['a thought in the notes about the request', { metadata: { thought: { role: 'assistant', content: [thinking] } } }, false],
])('of a request, %s: is it kept?', (_what, body, isKept) => {
  const text = JSON.stringify(body)
  const result = redactJson(text, fakeContent, 'client')
  expect(result).toMatchObject({ ok: true, found: isKept ? 0 : 1 })
  expect(JSON.stringify(result).includes(sampleSecret)).toBe(isKept)
})

it('a text that also stands where nothing is kept, is kept nowhere', () => {
  const result = redactJson(JSON.stringify({ parts: [reasoning, { text: sampleSecret }] }), fakeContent)
  expect(JSON.stringify(result)).not.toContain(sampleSecret)
})

it('a value that was handed to us is taken out of signed thinking too', () => {
  const known = { ...fakeContent, findSecrets: (text: string) => fakeContent.findSecrets(text).map((found) => ({ ...found, type: 'known-value' })) }
  expect(redactJson(JSON.stringify([reasoning]), known)).toMatchObject({ ok: true, found: 1, text: expect.not.stringContaining(sampleSecret) })
})
