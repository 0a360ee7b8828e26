import { describe, expect, it } from 'vitest'
import { stripHtml, stripMarkdown } from './markup.ts'

describe('stripHtml', () => {
  it.each([
    ['<p onclick="x">hi</p>', 'hi'],
    ['a<!-- hidden -->b', 'ab'],
    ['<style>p{}</style>x', 'x'],
    ['<<b>i>x', 'x'],
    ['3 < 4 and 5 > 4', '3 < 4 and 5 > 4'],
    ['&lt;script&gt; &amp; "q"', '&lt;script&gt; &amp; "q"'],
  ])('makes %j into %j', (html, text) => {
    expect(stripHtml(html)).toBe(text)
  })

  it('gives up on tags that keep appearing', () => {
    expect(stripHtml(`${'<'.repeat(9)}i>${'i>'.repeat(8)}x`)).toBeNull()
  })
})

describe('stripMarkdown', () => {
  it.each([
    ['# Title', 'Title'],
    ['> > quoted', 'quoted'],
    ['**bold** and *thin* and `code`', 'bold and thin and code'],
    ['[text](https://evil.example/?q=1)', 'text'],
    ['![alt](https://evil.example/pixel)', 'alt'],
    ['[text][ref]\n[ref]: https://evil.example', 'text'],
    ['```js\nlet a\n```', 'let a'],
    ['snake_case_name 2*3*4', 'snake_case_name 2*3*4'],
  ])('makes %j into %j', (markdown, text) => {
    expect(stripMarkdown(markdown)).toBe(text)
  })
})
