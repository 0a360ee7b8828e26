import sanitizeHtml from 'sanitize-html'
import { describe, expect, it } from 'vitest'
import { evilHtml } from './evil-html.test.samples.ts'
import { guideTags, htmlFinder } from './html.ts'
import { markOf, replaceSpans } from './spans.ts'
import { createSpanStream } from './stream.ts'

const finder = htmlFinder()

function clean(text: string): string {
  return replaceSpans(text, finder.find(text), ({ type }) => markOf(type))
}

/** What a parser of HTML sees in it: an opinion that is not ours. */
function tagsOf(html: string): [string, number][] {
  const seen: [string, number][] = []
  const see = (tagName: string, attribs: Record<string, string>): { tagName: string; attribs: Record<string, string> } => {
    seen.push([tagName.toLowerCase(), Object.keys(attribs).length])
    return { tagName, attribs }
  }
  sanitizeHtml(html, { allowedTags: false, allowedAttributes: false, allowVulnerableTags: true, transformTags: { '*': see } })
  return seen
}

describe('HTML of answers', () => {
  it('keeps the tags of the guide where they stand without attributes', () => {
    const text = '<p>a <strong>b</strong><br/><br /></p>\n<UL><li>c</li></UL ><pre><code>d</code></pre>'
    expect(clean(text)).toBe(text)
  })

  it('takes the beginning of every other tag, and leaves the rest readable', () => {
    expect(clean('see <div>x</div> and <p onclick=y>')).toBe('see [REDACTED_HTML]>x[REDACTED_HTML]> and [REDACTED_HTML] onclick=y>')
    expect(clean('<!-- a --><?php ?></ x>')).toBe('[REDACTED_HTML]-- a -->[REDACTED_HTML]php ?>[REDACTED_HTML] x>')
  })

  it.each(['1 < 2', 'a <- b', 'i <3 you', 'x << 4', '<', 'a <= b > c', '&lt;script&gt;', '5>3'])('leaves %j, which is text', (text) => {
    expect(clean(text)).toBe(text)
  })

  it.each(evilHtml)('leaves no tag that runs of %j', (html) => {
    expect(finder.find(html)).not.toEqual([])
    for (const [name, attributes] of tagsOf(clean(html))) expect([guideTags.includes(name), attributes]).toEqual([true, 0])
  })

  it('leaves none of a thousand texts made of what tags are made of', () => {
    const pieces = ['<', '<', '<', '>', '>', '>', '/', ' ', '=', '"', "'", '!', '--', 'p', 'br', 'script', 'img', 'src', 'onerror', 'a', '\n', '\t', '\f', '\0', '\u00a0', 'x-y']
    let state = 7
    const next = (): number => (state = (state * 48_271) % 2_147_483_647)
    let tags = 0
    for (let round = 0; round < 1000; round++) {
      const text = Array.from({ length: 12 }, () => pieces[next() % pieces.length]!).join('')
      tags += tagsOf(text).length
      for (const [name, attributes] of tagsOf(clean(text))) expect([text, guideTags.includes(name), attributes]).toEqual([text, true, 0])
    }
    expect(tags).toBeGreaterThan(100) // without the finder
  })

  it.each([...evilHtml, 'x <p   /> y </p', '<p         >', `<${'a'.repeat(40)}>`, '<<p><'])('says of %j in pieces what it says of the whole', (html) => {
    for (let at = 0; at <= html.length; at++) {
      const stream = createSpanStream(finder, ({ type }) => markOf(type))
      expect(stream.push(html.slice(0, at)).text + stream.push(html.slice(at)).text + stream.end().text).toBe(clean(html))
    }
    const stream = createSpanStream(finder, ({ type }) => markOf(type))
    expect([...html].map((letter) => stream.push(letter).text).join('') + stream.end().text).toBe(clean(html))
  })

  it('never reaches over the end of a string of JSON', () => {
    const json = JSON.stringify({ content: 'if a<b', next: '"<img' })
    for (const { start, end } of finder.find(json)) expect(json.slice(start, end)).not.toContain('"')
    expect(JSON.parse(clean(json))).toEqual({ content: 'if a[REDACTED_HTML]', next: '"[REDACTED_HTML]' })
  })

  it('refuses a list that would allow everything', () => {
    expect(() => htmlFinder(['p', 'Script'])).toThrow('may not hold "Script"')
  })
})
