import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findSecrets, pendingSecretLength, secretPatterns } from './find.ts'
import { marks } from './pattern.ts'
import { secretsPossible } from './possible.ts'
import { fill } from './sample.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const examples = secretPatterns.flatMap(({ examples: { found } }) =>
  found.map((example) => example.replace(marks.open, '').replace(marks.close, '')))
const keywords = secretPatterns.flatMap((pattern) => pattern.keywords)

function isNeeded(text: string): boolean {
  return findSecrets(text).length > 0 || pendingSecretLength(text) > 0
}

describe('secretsPossible', () => {
  it('says no to prose, numbers and code without secrets', () => {
    const text = 'The token count was 4096; ask for the password in the chat. `const key = map.get(id)` did it. 你好. '
    expect(secretsPossible(encoder.encode(text.repeat(20)))).toBe(false)
  })

  it('says yes to every example of every pattern, with other scripts around it', () => {
    const missed = examples.filter((text) => !secretsPossible(encoder.encode(`Größe 你好 😀 ${text} 😀 ende. `)))
    expect(missed).toEqual([])
  })

  it('says yes to every beginning of an example that is held back', () => {
    const missed = examples.flatMap((text) => {
      const cuts = Array.from({ length: Math.min(text.length, 48) }, (_, cut) => `ok 你 ${text.slice(0, cut)}`)
      return cuts.filter((cut) => isNeeded(cut) && !secretsPossible(encoder.encode(cut)))
    })
    expect(missed).toEqual([])
  })

  it('never says no where findSecrets finds or a stream would wait, for any splice of bytes', () => {
    const part = fc.oneof(
      fc.constantFrom(...examples),
      fc.tuple(fc.constantFrom(...examples), fc.nat({ max: 50 })).map(([text, length]) => text.slice(0, length)),
      fc.constantFrom(...keywords),
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(' ', '\n', '"', '=', '.', 'ä', '你', '😀'),
    )
    const splice = fc.tuple(fc.array(part, { maxLength: 6 }), fc.nat({ max: 30 }), fc.nat({ max: 30 }))
    fc.assert(
      fc.property(splice, ([parts, front, back]) => {
        const bytes = encoder.encode(parts.join(''))
        const start = Math.min(front, bytes.length)
        const end = Math.max(start, bytes.length - back)
        const text = decoder.decode(bytes.subarray(start, end))
        if (!secretsPossible(bytes, start, end)) expect(isNeeded(text)).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  it('sees only what lies between start and end', () => {
    const bytes = encoder.encode(`AKIA${fill(16, 'upper')} . nothing here. `)
    expect(secretsPossible(bytes)).toBe(true)
    expect(secretsPossible(bytes, 21)).toBe(false)
    expect(secretsPossible(bytes, 0, 0)).toBe(false)
  })

  it('sends a text full of keywords to a closer look instead of taking it apart itself', () => {
    expect(secretsPossible(encoder.encode('max_tokens secret '.repeat(5000)))).toBe(true)
  })
})
