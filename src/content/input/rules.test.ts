import { describe, expect, it } from 'vitest'
import { judgeInput, judgeRead, type InputRules } from './rules.ts'

const rules: InputRules = {
  maxLength: 100,
  tooLong: 'refuse',
  allowHtml: false,
  allowMarkdown: true,
  markup: 'strip',
  invisible: 'strip',
  confusables: 'report',
}
const judged = (text: string, more: Partial<InputRules> = {}) => judgeInput(text, { ...rules, ...more })

describe('judgeInput', () => {
  it('hands on the very same string when nothing is to be said about it', () => {
    const text = 'if a < b && c > d: say 🏴󠁧󠁢󠁳󠁣󠁴󠁿 and می‌خواهم'
    expect(judged(text)).toEqual({ refusal: null, signals: [], text })
  })

  it.each([
    ['input.too-long', 'x'.repeat(101), { tooLong: 'refuse' }, 'content.too-long', '(content.input.max_length)'],
    ['smuggled.tags', 'hi\u{E0049}\u{E0067}\u{E006E}', { invisible: 'refuse' }, 'content.invisible', '(content.input.invisible)'],
    ['smuggled.zero-width', 'ig\u200Bnore', { invisible: 'refuse' }, 'content.invisible', '(content.input.invisible)'],
    ['smuggled.mixed-script', 'your pаssword', { confusables: 'refuse' }, 'content.confusables', '(content.input.confusables)'],
    ['input.html', 'see <b>here</b>', { markup: 'refuse' }, 'content.markup', '(content.input.markup)'],
    ['input.markdown', 'see [here](https://a.example)', { markup: 'refuse', allowMarkdown: false }, 'content.markup', '(content.input.markup)'],
  ] as const)('refuses %s when the rules say so, and names the setting', (signal, text, more, rule, setting) => {
    const { refusal, signals } = judged(text, more)
    expect(signals).toContain(signal)
    expect(refusal?.rule).toBe(rule)
    expect(refusal?.reason).toContain(setting)
    expect(refusal?.reason).not.toContain(text.slice(0, 6))
  })

  it.each([
    ['HTML', 'a<script>alert(1)</script> <b onclick=x>b</b><!-- c -->', {}, 'a b', 'input.html'],
    ['tags inside tags', '<<b>i>x', {}, 'x', 'input.html'],
    ['Markdown', '# Title\n**bold** [text](https://a.example)', { allowMarkdown: false }, 'Title\nbold text', 'input.markdown'],
    ['tag characters', 'hi\u{E0049}\u{E0067}\u{E006E} there', {}, 'hi there', 'smuggled.tags'],
    ['an override of direction', 'file\u202Egpj.exe', {}, 'filegpj.exe', 'smuggled.bidi'],
  ] as const)('takes %s out, and says so', (_, text, more, clean, signal) => {
    expect(judged(text, more)).toEqual({ refusal: null, signals: [signal], text: clean })
  })

  it('leaves the marks of other programs alone: HTML does not know them', () => {
    const text = '<relevant-memories>a</relevant-memories> <media:image> List<String> <T>'
    expect(judged(text)).toEqual({ refusal: null, signals: [], text })
  })

  it('only reports when that is what the rules say', () => {
    const text = `${'x'.repeat(101)} <b>\u{E0049}\u{E0067}\u{E006E}`
    const { refusal, signals, text: same } = judged(text, { tooLong: 'report', markup: 'report', invisible: 'report' })
    expect(refusal).toBeNull()
    expect(signals).toEqual(['input.too-long', 'smuggled.tags', 'input.html'])
    expect(same).toBe(text)
  })

  it('counts characters, not their halves', () => {
    expect(judged('😀'.repeat(100)).refusal).toBeNull()
    expect(judged('😀'.repeat(101)).refusal?.rule).toBe('content.too-long')
  })

  it('refuses what is too long to be rid of its tags instead of working on it for seconds', () => {
    expect(judged('<<b>'.repeat(20_000), { maxLength: Infinity }).refusal?.rule).toBe('content.markup')
  })

  it('gives its own answer back unchanged', () => {
    for (const text of ['<b>a</b>\u200Bb', 'ig\u200Bnore <i>x', '**a** <p>']) {
      const once = judged(text, { allowMarkdown: false }).text
      expect(judged(once, { allowMarkdown: false }).text).toBe(once)
    }
  })
})

describe('judgeRead', () => {
  it('takes only what nobody means well, so that files stay what they are', () => {
    const file = '\uFEFF<b>a\u00ADb</b>'
    expect(judgeRead(file, rules)).toEqual({ refusal: null, signals: [], text: file })
    const smuggled = judgeRead(`${file}\u{E0049}\u{E0067}\u{E006E} ig\u200Bnore`, rules)
    expect(smuggled).toEqual({ refusal: null, signals: ['smuggled.tags', 'smuggled.zero-width'], text: `${file} ignore` })
  })

  it('refuses or reports when the rules say so', () => {
    const text = 'hi\u{E0049}\u{E0067}\u{E006E}'
    expect(judgeRead(text, { invisible: 'refuse' }).refusal?.rule).toBe('content.invisible')
    expect(judgeRead(text, { invisible: 'report' })).toEqual({ refusal: null, signals: ['smuggled.tags'], text })
  })
})
