import { expect, it } from 'vitest'
import { endToEndHeaders } from './hop-by-hop.ts'

it('drops the headers of one hop and those that Connection names', () => {
  const raw = [
    'Accept',
    '*/*',
    'Connection',
    'close, X-Auth-User',
    'X-Auth-User',
    'root',
    'Proxy-Authorization',
    'Basic x',
    'Keep-Alive',
    '5',
    'TE',
    'trailers',
    'Trailer',
    'x',
    'Transfer-Encoding',
    'chunked',
    'Upgrade',
    'h2c',
    'Proxy-Connection',
    'keep-alive',
    'X-Kept',
    '1',
  ]
  expect(endToEndHeaders(raw)).toEqual(['Accept', '*/*', 'X-Kept', '1'])
})

it('does not let Connection take away what addresses or frames a message', () => {
  const raw = ['Host', 'a', 'Content-Length', '5', 'Connection', 'host, content-length, x-extra', 'X-Extra', '1']
  expect(endToEndHeaders(raw)).toEqual(['Host', 'a', 'Content-Length', '5'])
})

it('keeps doubled headers, order and spelling', () => {
  const raw = ['Set-Cookie', 'a=1', 'set-cookie', 'b=2']
  expect(endToEndHeaders(raw)).toEqual(raw)
})
