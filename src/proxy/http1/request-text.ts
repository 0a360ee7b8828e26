import { http1Error } from './errors.ts'
import { fieldLines } from './head-text.ts'
import type { OutgoingRequest } from './answer.ts'

/**
 * The head of a request to an origin, the empty line included.
 * @throws HardshellError `http1.bad-request` when a part of it would not stay in its line
 */
export function requestHead({ method, path, headers, body }: OutgoingRequest, host: string): string {
  if (!/^[A-Z]{1,16}$/.test(method)) throw http1Error('http1.bad-request', 'a method is a word in capitals')
  if (!/^\/[\x21-\x7e]*$/.test(path)) throw http1Error('http1.bad-request', 'a path is printable and begins with /')
  return `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n${fieldLines(headers, 'host')}${lengthLine(method, body)}\r\n`
}

/** Methods that usually carry a body say so when they carry none. Source: RFC 9110, section 8.6. */
function lengthLine(method: string, body: Buffer | null): string {
  if (body !== null) return `content-length: ${body.length}\r\n`
  return method === 'POST' || method === 'PUT' || method === 'PATCH' ? 'content-length: 0\r\n' : ''
}
