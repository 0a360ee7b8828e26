import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fakeContent, sampleSecret } from './fakes.test.kit.ts'
import { KnownClean } from './known-clean.ts'
import type { ModelContent } from './ports.ts'
import { redactJson } from './redact-json.ts'

/** Counts what is really looked at. */
function watched(content: ModelContent = fakeContent): { content: ModelContent; seenChars: number } {
  const watch = { content, seenChars: 0 }
  watch.content = {
    ...content,
    findSecrets(text) {
      watch.seenChars += text.length
      return content.findSecrets(text)
    },
  }
  return watch
}

const filler = 'some words that nobody would call a secret, with "quotes"\n'
const message = (index: number, text: string): object => ({ role: index % 2 ? 'assistant' : 'user', content: text })
const tools = Array.from({ length: 20 }, (_, n) => ({ name: `tool-${n}`, description: filler.repeat(4) }))

function conversation(texts: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify({ model: 'm', messages: texts.map((text, n) => message(n, text)), tools }))
}

describe('what is known to be clean', () => {
  it('looks only at what is new in a conversation that grows, and at the tools once', () => {
    const watch = watched()
    const known = new KnownClean(watch.content)
    const texts = Array.from({ length: 40 }, (_, n) => `${n} ${filler.repeat(60)}`)
    expect(known.covers(conversation(texts))).toBe(true)
    expect(watch.seenChars).toBeGreaterThan(40 * 60 * filler.length)
    watch.seenChars = 0
    expect(known.covers(conversation([...texts, 'one more question']))).toBe(true)
    expect(watch.seenChars).toBeLessThan(20_000)
  })

  it('says of any body what looking at all of it says, also the second time', () => {
    const piece = fc.constantFrom(filler.repeat(30), filler.repeat(45), 'SEC', 'RET-', 'A1B2', 'C3D4', 'ä😀', '\\', ' ')
    const text = fc.array(piece, { maxLength: 8 }).map((parts) => parts.join(''))
    const known = new KnownClean(fakeContent)
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), (texts) => {
        const body = conversation(texts)
        const result = redactJson(body.toString(), fakeContent)
        const isClean = result.ok && result.found === 0
        expect([known.covers(body), known.covers(body)]).toEqual([isClean, isClean])
      }),
    )
  })

  it('sees a secret wherever the parts of a body meet', () => {
    // As one text, so that the place where parts meet falls into every place of the secret.
    const whole = `{"a":"${'x '.repeat(1500)}","role":"${'y '.repeat(1400)}`
    for (let shift = 0; shift < 30; shift++) {
      const known = new KnownClean(fakeContent)
      const before = `${whole}${'z'.repeat(shift)} `
      for (const marker of ['"role"', '"tools"']) {
        const joint = Buffer.from(`${before}${sampleSecret.slice(0, 9)}${marker}`)
        known.covers(joint)
        expect(known.covers(Buffer.from(`${before}${sampleSecret} ${marker}:1}`))).toBe(false)
      }
    }
  })

  it('looks at a part again when the end before it could be the beginning of a secret', () => {
    const pending = { ...fakeContent, findSecrets: (text: string) => (/A"role"B/.test(text) ? [{ type: 'wide', start: 0, end: 1 }] : []) }
    const content = { ...pending, pendingSecretLength: (text: string) => (text.endsWith('A') ? 1 : 0) }
    const known = new KnownClean(content)
    const long = 'x '.repeat(2500)
    expect(known.covers(Buffer.from(`${long}A"role"C${long}`))).toBe(true)
    expect(known.covers(Buffer.from(`${long}A"role"B${long}`))).toBe(false)
  })

  it('sees what is spelled in escapes', () => {
    const known = new KnownClean(fakeContent)
    const spelled = `\\u0053${sampleSecret.slice(1)}`
    expect(known.covers(Buffer.from(`{"a":"${spelled}"}`))).toBe(false)
    expect(known.covers(Buffer.from(`{"b":"${'x '.repeat(3000)}","role":"${spelled}"}`))).toBe(false)
  })

  it('forgets everything when there is a new secret to look for', () => {
    let version = 1
    let found: { type: string; start: number; end: number }[] = []
    const known = new KnownClean({ ...fakeContent, findSecrets: () => found, secretsVersion: () => version })
    const body = conversation(Array.from({ length: 5 }, () => filler.repeat(60)))
    expect([known.covers(body), known.coversName('gpt')]).toEqual([true, true])
    found = [{ type: 'new', start: 0, end: 1 }]
    expect([known.covers(body), known.coversName('gpt')], 'nobody said so').toEqual([true, true])
    version = 2
    expect([known.covers(body), known.coversName('gpt')]).toEqual([false, false])
  })

  it('remembers a bounded number of names', () => {
    const watch = watched()
    const known = new KnownClean(watch.content)
    for (let n = 0; n < 1_000; n++) known.coversName(`model-${n}`)
    watch.seenChars = 0
    known.coversName('model-1')
    expect(watch.seenChars).toBe(0)
    known.coversName('model-999')
    expect(watch.seenChars).toBe('model-999'.length)
    expect(known.coversName(sampleSecret)).toBe(false)
  })
})
