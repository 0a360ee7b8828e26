import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ModelContent } from './ports.ts'
import { Slot } from './slot.ts'

/** Secrets without a length: `KEY-` and as many letters as follow. Only their last three may still be missing. */
const growing: ModelContent = {
  findSecrets: (text) =>
    [...text.matchAll(/KEY-[a-z"]+/g)].map((match) => ({
      type: 'grown',
      start: match.index,
      end: match.index + match[0].length,
    })),
  redactSecrets: (text) => text,
  pendingSecretLength: (text) => Math.min(3, text.length),
}

describe('a slot', () => {
  it('does not decide the beginning of a secret whose end may still grow', () => {
    const slot = new Slot('text', growing)
    slot.append('the KEY-abcdef')
    slot.judge(false)
    expect(slot.decided).toBe('the '.length)
    slot.append('gh is it')
    slot.judge(false)
    expect(slot.redacted('the KEY-abcdef', 0)).toBe('the [REDACTED_GROWN]')
  })

  it('marks a secret once, however many parts it came in', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('KEY-', 'abc', ' ', 'x'), { maxLength: 20 }), (parts) => {
        const slot = new Slot('text', growing)
        const starts = parts.map((part) => slot.append(part) - part.length)
        slot.judge(true)
        const shown = parts.map((part, index) => slot.redacted(part, starts[index]!) ?? part).join('')
        expect(shown).toBe(parts.join('').replaceAll(/KEY-[a-z]+/g, '[REDACTED_GROWN]'))
      }),
    )
  })

  it('never covers the quote that ends a JSON string, nor half of an escape', () => {
    const slot = new Slot('json', growing)
    const text = '{"a":"KEY-abc","b":1}'
    slot.append(text)
    slot.judge(true)
    expect(JSON.parse(slot.redacted(text, 0)!)).toEqual({ a: '[REDACTED_GROWN]', b: 1 })
  })

  it('covers every string it gave up on, and nothing between them', () => {
    const slot = new Slot('json', { ...growing, pendingSecretLength: (view) => view.length })
    const half = '{"a":"first","b":[12,"second \\'
    slot.append(half)
    slot.giveUp()
    expect(slot.decided).toBe(half.length - 1)
    const hidden = '[REDACTED_SUSPECTED]'
    expect(slot.redacted(half.slice(0, -1), 0)).toBe(`{"${hidden}":"${hidden}","${hidden}":[12,"${hidden}`)
  })

  it('remembers a bounded part of an endless text', () => {
    let longest = 0
    const watched = { ...growing, findSecrets: (text: string) => ((longest = Math.max(longest, text.length)), []) }
    const slot = new Slot('text', watched)
    for (let part = 0; part < 3000; part++) {
      slot.append('some more words ')
      slot.judge(false)
    }
    expect(longest).toBeLessThan(2000)
    expect(slot.decided).toBe(3000 * 16 - 3)
  })

  it('reads the arguments of a tool as the tool does, however the escapes in them are cut', () => {
    const inArguments = { ...growing, findSecrets: (text: string) => growing.findSecrets(text.replaceAll('"', ' ')), pendingSecretLength: (text: string) => Math.min(4, text.length) }
    fc.assert(
      fc.property(fc.array(fc.nat(60), { maxLength: 8 }), fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }), (cuts, escaped) => {
        const spelled = [...'KEY-abc'].map((letter, at) => (escaped[at] ? `\\u00${letter.charCodeAt(0).toString(16)}` : letter)).join('')
        const json = `{"a":"one\\n${spelled} \\\\ two"}`
        const slot = new Slot('json', inArguments)
        const places = [...new Set(cuts.map((cut) => cut % json.length))].sort((a, b) => a - b)
        const parts = [...places, json.length].map((to, at) => json.slice(places[at - 1] ?? 0, to))
        const starts = parts.map((part) => {
          const end = slot.append(part)
          slot.judge(false)
          return end - part.length
        })
        slot.judge(true)
        const shown = parts.map((part, at) => slot.redacted(part, starts[at]!) ?? part).join('')
        expect(JSON.parse(shown)).toEqual({ a: 'one\n[REDACTED_GROWN] \\ two' })
      }),
    )
  })
})
