import { describe, expect, it } from 'vitest'
import { findSmuggled } from './smuggled.ts'

describe('findSmuggled', () => {
  it.each([
    ['tags', 'hi\u{E0049}\u{E0067}\u{E006E}there', 2, 8],
    ['selectors', 'a\uFE01\u{E0100}\u{E0101}\uFE0Fb', 1, 7],
    ['bidi', 'file\u202Egpj.exe', 4, 5],
    ['zero-width', 'ig\u200Bnore', 2, 3],
    ['mixed-script', 'your pаssword', 5, 13],
  ] as const)('finds %s where they stand', (kind, text, start, end) => {
    expect(findSmuggled(text)).toEqual([{ kind, start, end }])
  })

  it.each([
    ['plain text', 'nothing here'],
    ['a byte order mark', '\uFEFF{"a": 1}'],
    ['emoji with joiners and selectors', '👨‍👩‍👧 ❤️ 1️⃣'],
    ['flags of regions', '🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}'],
    ['Persian with a joiner', 'می‌خواهم'],
    ['Hebrew with isolates', 'שם: \u2068user\u2069'],
    ['Cyrillic and Greek words', 'привет, мир: αλφάβητο, alphabet'],
    ['units', '5 μm, ΔT'],
    ['a soft hyphen', 'Donau\u00ADdampf\u00ADschiff'],
  ])('leaves %s alone', (_, text) => {
    expect(findSmuggled(text)).toEqual([])
  })
})
