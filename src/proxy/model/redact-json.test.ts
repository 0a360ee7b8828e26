import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fakeContent, sampleSecret } from './fakes.test.kit.ts'
import { redactJson, resolveEscapes } from './redact-json.ts'

describe('redaction inside a JSON text', () => {
  it('leaves a clean text the very same string', () => {
    const text = '{ "a" : 1.0, "b":"\\u00e4\\n" }'
    expect(redactJson(text, fakeContent)).toEqual({ ok: true, text, found: 0 })
  })

  it('takes the secret out and leaves every other byte', () => {
    const text = `{ "n" : 1.0, "a":"x ${sampleSecret}\\ty" }`
    const clean = '{ "n" : 1.0, "a":"x [REDACTED_SAMPLE]\\ty" }'
    expect(redactJson(text, fakeContent)).toEqual({ ok: true, text: clean, found: 1 })
  })

  it('sees a secret right after an escaped line break, and one spelled in escapes', () => {
    const spelled = sampleSecret.replace('S', '\\u0053')
    const result = redactJson(`{"a":"env:\\n${sampleSecret}\\n","b":"${spelled}"}`, fakeContent)
    expect(result).toEqual({ ok: true, text: '{"a":"env:\\n[REDACTED_SAMPLE]\\n","b":"[REDACTED_SAMPLE]"}', found: 2 })
  })

  it('keeps signed thinking, which the API refuses when it was touched', () => {
    const text = JSON.stringify({ content: [{ type: 'thinking', thinking: `so ${sampleSecret}`, signature: 'x' }] })
    expect(redactJson(text, fakeContent)).toEqual({ ok: true, text, found: 0 })
  })

  it('refuses when a finding spans fields and stays after every string was cleaned', () => {
    const spanning = { ...fakeContent, findSecrets: () => [{ type: 'wide', start: 2, end: 8 }] }
    expect(redactJson('{"a":"b","c":"d"}', spanning)).toEqual({ ok: false, reason: expect.stringContaining('spans') })
  })

  it('gives valid JSON without the secret for any value that holds it', () => {
    const holder = fc.tuple(fc.string(), fc.string()).map(([left, right]) => `${left} ${sampleSecret} ${right}`)
    fc.assert(
      fc.property(fc.jsonValue(), holder, (value, text) => {
        const result = redactJson(JSON.stringify({ value, text }), fakeContent)
        const read = JSON.parse(result.ok ? result.text : '{}') as { text: string; value: unknown }
        expect(read.text).toBe(text.replace(sampleSecret, '[REDACTED_SAMPLE]'))
        expect(read.value).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('takes out what is spelled with escapes inside a string that is JSON itself, and leaves the rest as it was', () => {
    const inner = `{"path":"C:\\\\temp","text":"a\\n\\u0053${sampleSecret.slice(1)}, \\u00e9"}`
    const result = redactJson(JSON.stringify({ arguments: inner }), fakeContent)
    const clean = inner.replace(`\\u0053${sampleSecret.slice(1)}`, '[REDACTED_SAMPLE]')
    expect(result).toEqual({ ok: true, text: JSON.stringify({ arguments: clean }), found: 1 })
  })

  it('is not led past the end of a string by an escape that is none', () => {
    expect(resolveEscapes('\\u12"x').text).toBe('u12"x')
  })
})
