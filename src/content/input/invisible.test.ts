import { describe, expect, it } from 'vitest'
import { removeInvisible } from './invisible.ts'

describe('removeInvisible', () => {
  it.each([
    ['control', 'a\u0000b\u009Fc', 2],
    ['bidi', 'a\u202Ab\u2069\u200F', 3],
    ['zero-width', 'a\u200Bb\uFEFF\u2060\u00AD', 4],
    ['tag', '\u{E0001}\u{E0048}\u{E0049}', 3],
    ['selector', 'a\uFE01\u{E0100}', 2],
    ['filler', 'a\u3164\uFFA0', 2],
    ['surrogate', 'a\uD800b', 1],
  ] as const)('takes out and counts %s characters', (kind, text, count) => {
    const { text: clean, removed } = removeInvisible(text)
    expect(removed).toEqual([{ kind, count }])
    expect(clean).toMatch(/^[abc]*$/)
  })

  it('keeps tabs, line breaks and joiners where writing needs them', () => {
    const text = 'a\tb\r\nc 👨‍👩‍👧 ❤️ می‌خواهم क्‍ष'
    expect(removeInvisible(text)).toEqual({ text, removed: [] })
  })

  it('takes out joiners and selectors that carry something else', () => {
    expect(removeInvisible('a\u200Db 👨\uFE0F\uFE0F\uFE0F').text).toBe('ab 👨\uFE0F')
  })
})
