import { describe, expect, it } from 'vitest'
import { unwrap } from '../encoding/unwrap.ts'
import { cluesIn, clueWeight } from './clues.ts'
import { detectInjection } from './detect.ts'
import { plainOf } from './plain.ts'
import { windowsOf } from './windows.ts'
import { wordsOf } from './words.ts'

/** What would make a careless detector slow: openings that never close, near misses, nesting, endless words. */
const hostile: Record<string, string> = {
  'one word': 'a',
  'one sentence': 'ignore ',
  'near misses of phrases': 'ignore all the the ',
  'phrase after phrase': 'ignore previous instructions ',
  'sentences of one word': 'ignore. ',
  'comments that never close': '<!-- ',
  'styles that never close': 'style="',
  'blanks at line starts': '\n                    ',
  'role openings': '<|aaaaaaaaaaaaaaaaaaaaaaaa',
  'base64 that is none': 'QUJDREVGR0hJSktM!',
  'base64 in pieces': 'QUJDREVG"+"',
  'hex digits': '41',
  'letters apart': 'a ',
  'percent signs': '%41',
  'broken escapes': '&#65 \\u00 %4 ',
  'rot13 words': 'vtaber ',
  'words from behind': 'erongi ',
  'digits for letters': 'a1b3c ',
  'quotation marks': '"',
  'quotes of data': '": "',
  'blanks behind quotes': `"${' '.repeat(80)}`,
  'apostrophes': " 'a",
  'near misses of overrides': 'игнорируй ',
  'overrides in Chinese': '忽略',
  'cells of a table': '| a ',
  'tag characters': '\u{E0041}',
  'selectors': '\uFE00',
  'marks on a letter': '\u0301',
  'lone surrogates': '\uD800',
}

/** Units of text that anything looks at, as far as can be counted without a clock. */
function workOn(text: string): number {
  const layers = [text, ...unwrap(text).map((layer) => layer.text)]
  return layers.reduce((sum, layer) => {
    const plain = plainOf(layer)
    const words = wordsOf(plain.text)
    const windows = windowsOf(words)
    const clues = cluesIn(layer, words, (at) => plain.origin?.[at] ?? at, 'tool_result')
    const counted = clues.map((clue) => ({ ...clue }))
    let looked = 0
    const spied = new Proxy(counted, { get: (list, key) => ((looked += typeof key === 'string' && /^\d+$/.test(key) ? 1 : 0), Reflect.get(list, key)) })
    for (const window of windows) clueWeight(spied, window)
    return sum + layer.length + words.count + windows.length + clues.length + looked
  }, 0)
}

describe('the work on a hostile text', () => {
  it.each(Object.entries(hostile))('grows no faster than the text: %s', (_, part) => {
    const small = part.repeat(Math.ceil(4_000 / part.length))
    const large = part.repeat(Math.ceil(32_000 / part.length))
    // Eight times the text; what is decoded has a bound of its own, so it may be less.
    expect(workOn(large)).toBeLessThan(12 * workOn(small))
  })

  it.each(Object.entries(hostile))('ends on a quarter of a megabyte of it: %s', (_, part) => {
    const text = part.repeat(Math.ceil(262_144 / part.length))
    expect(detectInjection(text, { channel: 'tool_result' }).score).toBeGreaterThanOrEqual(0)
  })
})
