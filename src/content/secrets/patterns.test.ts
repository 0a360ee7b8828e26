import { describe, expect, it } from 'vitest'
import { lookBehind } from './detect.ts'
import { findSecrets, pendingSecretLength, redactSecrets, secretPatterns } from './find.ts'
import { readShape } from './grammar.ts'
import { marks, replacementOf } from './pattern.ts'
import { createStreamRedactor } from './stream.ts'

/** An example without its marks, and where they stood. */
function unmark(example: string): { text: string; start: number; end: number } {
  const start = example.indexOf(marks.open)
  const end = example.indexOf(marks.close) - marks.open.length
  return { text: example.replace(marks.open, '').replace(marks.close, ''), start, end }
}

describe.each(secretPatterns.map((pattern) => ({ ...pattern, pattern })))('$id', ({ pattern }) => {
  it('finds exactly the marked secret in each of its examples', () => {
    const found = pattern.examples.found.map((example) => findSecrets(unmark(example).text))
    const wanted = pattern.examples.found.map((example) => {
      const { start, end } = unmark(example)
      return [{ type: pattern.type, start, end }]
    })
    expect(found).toEqual(wanted)
  })

  it('finds nothing in what only looks similar', () => {
    const alarms = pattern.examples.passed.map((text) => ({ text, found: findSecrets(text) }))
    expect(alarms.filter(({ found }) => found.length > 0)).toEqual([])
  })

  it('redacts its examples the same way wherever a stream is cut in two', () => {
    for (const { text } of pattern.examples.found.map(unmark)) {
      const whole = redactSecrets(text)
      for (let cut = 1; cut < text.length; cut++) {
        const redactor = createStreamRedactor()
        const pieces = [redactor.push(text.slice(0, cut)), redactor.push(text.slice(cut)), redactor.end()]
        expect(pieces.map((piece) => piece.text).join(''), `cut at ${cut}`).toBe(whole)
      }
    }
  })

  it('shows nothing of a secret that has not ended', () => {
    for (const { text, start, end } of pattern.examples.found.map(unmark)) {
      const secret = text.slice(start, end)
      const redactor = createStreamRedactor()
      const shown = [...text.slice(0, end)].map((unit) => redactor.push(unit).text).join('')
      // Four units of a prefix every token of its kind shares give nothing away.
      expect(shown.includes(secret.slice(-12))).toBe(false)
    }
  })

  it('is written so that it can be matched in bounded, linear time and held back in a stream', () => {
    const { longest } = readShape(pattern.shape.source)
    // pendingSecretLength promises 512 units, or 16 KiB inside a private key block.
    expect(longest).toBeLessThanOrEqual(pattern.type === 'private-key' ? 16_384 : 512)
    expect(pattern.lead?.most ?? 0).toBeLessThanOrEqual(lookBehind)
    expect(pattern.keywords.filter((keyword) => keyword.length < 2)).toEqual([])
    expect(pattern.ignoreCase ? pattern.keywords.filter((word) => word !== word.toLowerCase()) : []).toEqual([])
  })

  it('says where its shape comes from and shows both kinds of examples', () => {
    expect(pattern.source.length).toBeGreaterThan(5)
    expect(pattern.title.length).toBeGreaterThan(3)
    expect(pattern.examples.found.length * pattern.examples.passed.length).toBeGreaterThan(0)
  })
})

describe('the registry', () => {
  it('gives every pattern an id of its own', () => {
    const ids = secretPatterns.map(({ id }) => id)
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([])
    expect(ids.length).toBeGreaterThan(100)
  })

  it('replaces secrets of one type by one label', () => {
    const labels = new Map<string, Set<string>>()
    for (const pattern of secretPatterns) {
      labels.set(pattern.type, (labels.get(pattern.type) ?? new Set()).add(replacementOf(pattern)))
    }
    const torn = [...labels].filter(([type, seen]) => seen.size > 1 && type !== 'api-key')
    expect(torn).toEqual([])
  })

  it('holds no replacement that would itself be taken for a secret', () => {
    const labels = secretPatterns.map(replacementOf)
    const said = labels.map((label) => `password=${label} token: "${label}"`)
    expect(said.filter((text) => findSecrets(text).length > 0)).toEqual([])
  })
})

describe('hostile text', () => {
  const size = 8192 // hostile.test.ts reads a mebibyte of all of them

  it.each(secretPatterns.map(({ id, keywords }) => ({ id, keywords })))('of keywords of $id ends', ({ keywords }) => {
    for (const keyword of keywords) {
      const text = keyword.repeat(Math.ceil(size / keyword.length))
      const spans = findSecrets(text)
      expect(spans.every(({ start, end }, i) => start < end && start >= (spans[i - 1]?.end ?? 0))).toBe(true)
      expect(pendingSecretLength(text)).toBeLessThanOrEqual(16_384)
    }
  })

  it.each(['eyJ', '-----BEGIN RSA PRIVATE KEY-----', 'password:', 'curl -u ', '://a:', 'api_key = "', 'a'])(
    'of a mebibyte of %j is answered',
    (keyword) => {
      const text = keyword.repeat(Math.ceil(1_048_576 / keyword.length))
      expect(redactSecrets(text).length).toBeGreaterThan(0)
    },
  )
})
