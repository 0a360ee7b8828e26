import { describe, expect, it } from 'vitest'
import { ChunkedReader } from './chunked.ts'

function read(text: string): { state: string; content: string; taken: number } {
  let content = ''
  const reader = new ChunkedReader((piece) => (content += piece.toString('latin1')))
  const taken = reader.read(Buffer.from(text, 'latin1'))
  return { state: reader.state, content, taken }
}

describe('the chunked coding', () => {
  it('is taken off, and what follows is left alone', () => {
    expect(read('3\r\nabc\r\nB\r\n0123456789a\r\n0\r\n\r\nGET')).toEqual({ state: 'done', content: 'abc0123456789a', taken: 29 })
  })

  it('may carry extensions and trailers, which are dropped', () => {
    expect(read('1;a;b=c;d="e;\\"f"\r\nx\r\n0;g\r\nTrailer-Field: 1\r\nother:\r\n\r\n')).toMatchObject({ state: 'done', content: 'x' })
  })

  it.each(['', '3', '3\r', '3\r\nab', '3\r\nabc', '3\r\nabc\r', '0\r\n', '0\r\n\r', '0\r\na: b', '0\r\na: b\r\n'])('%j is not over', (text) => {
    expect(read(text).state).toBe('more')
  })

  it.each([
    ['an empty size', '\r\n'],
    ['a sign', '-1\r\n'],
    ['a prefix', '0x1\r\n'],
    ['a space before', ' 1\r\n'],
    ['a space behind', '1 \r\n'],
    ['an underscore', '1_0\r\n'],
    ['a size beyond 4 GiB', '000000001\r\n'],
    ['a bare LF behind the size', '1\nx'],
    ['a bare CR behind the size', '1\rx'],
    ['no CR behind the data', '1\r\nxy'],
    ['no LF behind the data', '1\r\nx\ry'],
    ['a bare LF behind the data', '1\r\nx\n'],
    ['an extension without a name', '1;\r\n'],
    ['an extension without a value', '1;a=\r\n'],
    ['a quote that stays open', '1;a="b\r\n'],
    ['a LF in an extension', '1;a\n'],
    ['a CR in a quoted extension', '1;a="\rb"\r\n'],
    ['extensions without end', `1;${'a'.repeat(5_000)}`],
    ['extensions without end, in many chunks', `1;${'a'.repeat(100)}\r\nx\r\n`.repeat(50)],
    ['a trailer without a colon', '0\r\nabc\r\n'],
    ['a trailer with a space before its colon', '0\r\na : b\r\n'],
    ['a folded trailer', '0\r\na: b\r\n c\r\n'],
    ['a trailer with a bare LF', '0\r\na: b\n'],
    ['trailers without end', `0\r\n${'a: b\r\n'.repeat(3_000)}`],
    ['a length in a trailer', '0\r\nContent-Length: 5\r\n'],
    ['a coding in a trailer', '0\r\ntransfer-encoding: chunked\r\n'],
    ['a connection field in a trailer', '0\r\nConnection: close\r\n'],
  ])('is refused with %s', (_name, text) => {
    expect(read(text).state).toBe('bad')
  })
})
