import { describe, expect, it } from 'vitest'
import { isFault, readRequestHead, type RequestHead } from './request-head.ts'

const read = (text: string): ReturnType<typeof readRequestHead> => readRequestHead(Buffer.from(text, 'latin1'), text.length)
const head = (line: string, ...fields: string[]): string => [line, ...fields, '', ''].join('\r\n')
const ok = 'GET / HTTP/1.1'
const host = 'Host: a.example:8080'

/** Every rule, an example that breaks it, and what it is answered with. Those marked * go beyond RFC 9112. */
const rules: readonly [rule: string, status: number, text: string][] = [
  ['* only seven methods', 501, head('TRACE / HTTP/1.1', host)],
  ['* no CONNECT', 501, head('CONNECT a:1 HTTP/1.1', host)],
  ['a method is a token', 400, head('G\x01T / HTTP/1.1', host)],
  ['methods have capitals', 400, head('get / HTTP/1.1', host)],
  ['* the target is in origin form', 400, head('GET http://a/ HTTP/1.1', host)],
  ['* not even an asterisk', 400, head('OPTIONS * HTTP/1.1', host)],
  ['one space', 400, head('GET  / HTTP/1.1', host)],
  ['one space before the version', 400, head('GET /  HTTP/1.1', host)],
  ['no fragment', 400, head('GET /#a HTTP/1.1', host)],
  ['* no backslash', 400, head('GET /a\\b HTTP/1.1', host)],
  ['no quotes', 400, head('GET /"a" HTTP/1.1', host)],
  ['no bytes beyond ASCII in a target', 400, head('GET /\xfc HTTP/1.1', host)],
  ['no control characters in a target', 400, head('GET /\0 HTTP/1.1', host)],
  ['* not HTTP/1.0', 505, head('GET / HTTP/1.0', host)],
  ['not HTTP/2', 505, 'PRI * HTTP/2.0\r\n\r\n'],
  ['not HTTP/0.9', 400, head('GET /', host)],
  ['a version has two digits', 400, head('GET / HTTP/1.10', host)],
  ['nothing follows the version', 400, head('GET / HTTP/1.1 ', host)],
  ['a host', 400, head(ok)],
  ['one host', 400, head(ok, host, host)],
  ['* not an empty host', 400, head(ok, 'Host:')],
  ['a host is an authority', 400, head(ok, 'Host: a/b')],
  ['a host has no user', 400, head(ok, 'Host: u@a')],
  ['no space before a colon', 400, head(ok, host, 'A : b')],
  ['no empty name', 400, head(ok, host, ': b')],
  ['a name is a token', 400, head(ok, host, 'A(b): c')],
  ['every field has a colon', 400, head(ok, host, 'abc')],
  ['no folding', 400, head(ok, host, 'A: b', ' c')],
  ['no fold before the first field', 400, head(ok, ` ${host}`)],
  ['no bare CR', 400, head(ok, host, 'A: b\rc')],
  ['no bare LF', 400, head(ok, host, 'A: b\nc')],
  ['no NUL', 400, head(ok, host, 'A: b\0c')],
  ['no control characters', 400, head(ok, host, 'A: b\x0bc')],
  ['no DEL', 400, head(ok, host, 'A: b\x7fc')],
  ['one length', 400, head(ok, host, 'Content-Length: 1', 'content-length: 1')],
  ['a length is digits', 400, head(ok, host, 'Content-Length: +1')],
  ['no list of lengths', 400, head(ok, host, 'Content-Length: 1, 1')],
  ['no empty length', 400, head(ok, host, 'Content-Length:')],
  ['no length beyond counting', 400, head(ok, host, 'Content-Length: 9999999999999999')],
  ['no length beside a coding', 400, head(ok, host, 'Content-Length: 1', 'Transfer-Encoding: chunked')],
  ['one coding', 400, head(ok, host, 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked')],
  ['* no other coding, alone or in a list', 501, head(ok, host, 'Transfer-Encoding: gzip, chunked')],
  ['* exactly chunked', 501, head(ok, host, 'Transfer-Encoding: Chunked')],
  ['nothing hidden behind chunked', 501, head(ok, host, 'Transfer-Encoding: chunked,')],
  ['* one content-type', 400, head(ok, host, 'Content-Type: a/b', 'Content-Type: c/d')],
  ['* one credential', 400, head(ok, host, 'Authorization: a', 'authorization: b')],
  ['* one credential of each kind', 400, head(ok, host, 'X-Api-Key: a', 'X-API-KEY: b')],
  ['* no expectation but 100-continue', 417, head(ok, host, 'Expect: a')],
  ['* no more than 128 fields', 431, head(ok, host, ...Array.from({ length: 128 }, () => 'a: b'))],
]

describe('a request is refused by the rule', () => {
  it.each(rules)('%s (%i)', (_rule, status, text) => {
    expect(read(text)).toMatchObject({ status })
  })
})

describe('a request is read', () => {
  const fine = (text: string): RequestHead => {
    const result = read(text)
    if (isFault(result)) throw new Error(result.why)
    return result
  }

  it('with its method, target and fields, names in lower case, values trimmed', () => {
    const { method, target, fields, body } = fine(head('POST /v1/x:y?a[]=b|c&d=%20 HTTP/1.1', host, 'X-Odd_Name:\t v a l \t', 'Empty:'))
    expect([method, target, body]).toEqual(['POST', '/v1/x:y?a[]=b|c&d=%20', 0])
    expect(fields.list()).toEqual(['host', 'a.example:8080', 'x-odd_name', 'v a l', 'empty', ''])
  })

  it('with repeated fields joined, cookies in their own way', () => {
    const { fields } = fine(head(ok, host, 'Accept: a', 'Cookie: b=1', 'ACCEPT: c', 'cookie: d=2', '__proto__: e'))
    expect([fields.get('accept'), fields.get('cookie'), fields.get('absent')]).toEqual(['a, c', 'b=1; d=2', undefined])
    expect({ ...fields.record() }).toEqual(
      Object.fromEntries([['host', 'a.example:8080'], ['accept', 'a, c'], ['cookie', 'b=1; d=2'], ['__proto__', 'e']]),
    )
  })

  it.each([
    ['no length', [], 0],
    ['a length', ['Content-Length: 007'], 7],
    ['chunks', ['Transfer-Encoding: chunked'], 'chunked'],
  ])('framed by %s', (_name, fields, body) => {
    expect(fine(head(ok, host, ...fields)).body).toBe(body)
  })

  it.each([
    ['Connection: close', true],
    ['Connection: keep-alive', false],
    ['Connection: Upgrade, CLOSE', true],
    ['Connection: closed', false],
    ['X: y', false],
  ])('%s ends the connection: %s', (field, close) => {
    expect(fine(head(ok, host, field)).close).toBe(close)
  })

  it.each(['[::1]:80', '127.0.0.1', 'localhost:1', 'a_b.c', 'a%20b'])('for the host %s', (name) => {
    expect(fine(head(ok, `Host: ${name}`)).fields.get('host')).toBe(name)
  })

  it('an upgrade asked for is ignored, as the RFC allows: framing is that of HTTP/1.1', () => {
    expect(fine(head(ok, host, 'Connection: upgrade', 'Upgrade: h2c', 'Content-Length: 3')).body).toBe(3)
  })
})
