import { describe, expect, it } from 'vitest'
import { Secret } from '../../../base/index.ts'
import { createValueRedactor } from './real-values.ts'
import { realToken } from './stage.fixture.ts'

describe('a value that comes back in the way of another language', () => {
  const value = ['a/b+c', 'd"e', "f'<g>", '&h=~(1)'].join('-')
  const back = (text: string): string => {
    const redactor = createValueRedactor([new Secret(value)])
    return redactor.push(text) + redactor.end()
  }
  const json = (chars: RegExp, upper: boolean) => [...value].map((char) => {
    const hex = char.charCodeAt(0).toString(16).padStart(4, '0')
    return chars.test(char) ? `\\u${upper ? hex.toUpperCase() : hex}` : JSON.stringify(char).slice(1, -1)
  }).join('')
  it.each<[string, string]>([
    ['JSON of PHP', JSON.stringify(value).slice(1, -1).replaceAll('/', '\\/')],
    ['JSON of Go', json(/[<>&]/, false)],
    ['JSON of .NET', json(/["<>&'+`]/, true)],
    ['percent signs by the letter', encodeURIComponent(value).replaceAll("'", '%27').replaceAll('(', '%28').replaceAll(')', '%29')],
    ['percent signs in lower case', encodeURIComponent(value).replaceAll(/%../g, (code) => code.toLowerCase())],
    ['HTML of Python', value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#x27;')],
    ['HTML of Ruby and Go', value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')],
    ['HTML of a template', value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;').replaceAll('/', '&#x2F;').replaceAll('=', '&#x3D;')],
  ])('is taken out: %s', (_language, text) => {
    expect(back(`{ ${text} }`)).toBe('{ [redacted] }')
  })
})

it('the moment a word comes back does not tell whether the secret begins with it', () => {
  // An agent that has its own words said back, with a pause behind them, would guess the secret letter by letter.
  const passed = (guess: string): number => createValueRedactor([new Secret(realToken)]).push(`say: ${guess}`).length
  for (let length = 1; length < realToken.length; length++) {
    const right = realToken.slice(0, length)
    const wrong = `${right.slice(0, -1)}~`
    expect(passed(right), `${length} letters`).toBe(passed(wrong))
  }
})
