import { readFields, type FieldList } from './fields.ts'
import { hostPattern, targetBytes } from './grammar.ts'

/** What a request says before its body. */
export interface RequestHead {
  method: string
  target: string
  fields: FieldList
  /** Bytes of body; `chunked` when only its end will tell. */
  body: number | 'chunked'
  /** The client will send nothing after this request. */
  close: boolean
  /** The client waits to be asked for the body. */
  waits: boolean
}

/** Why there is no request: the status it is answered with, before the connection is closed. */
export interface Fault {
  status: 400 | 417 | 431 | 501 | 505
  why: string
}

export function isFault(head: object): head is Fault {
  return 'why' in head
}

/**
 * Reads the head of a request. Stricter than RFC 9112 where leniency has only ever served attacks: see the table in
 * `request-head.test.ts`, which lists every rule beyond the RFC with an example.
 * @param bytes begins with the head
 * @param length of the head, the empty line included
 */
export function readRequestHead(bytes: Buffer, length: number): RequestHead | Fault {
  const text = bytes.toString('latin1', 0, length - 2)
  const space = text.indexOf(' ')
  const method = text.slice(0, space)
  if (!methods.has(method)) return methodFault(text)
  let at = space + 1
  if (bytes[at] !== slash) return fault(400, 'the target is not in origin form')
  while (targetBytes[bytes[at]!] === 1) at++
  const target = text.slice(space + 1, at)
  if (!text.startsWith(version, at)) return versionFault(text.slice(at))
  const place = { at: at + version.length, end: length - 2, text, base: 0 }
  const fields = readFields(bytes, place)
  if (fields === 'malformed') return fault(400, 'a field line is malformed')
  if (fields === 'too-many') return fault(431, 'too many fields')
  return frame(method, target, fields)
}

// What clients of a model API and of a web page use. CONNECT and TRACE have framing rules of their own.
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const version = ' HTTP/1.1\r\n'
const slash = 0x2f

function frame(method: string, target: string, fields: FieldList): RequestHead | Fault {
  if (fields.ambiguous) return fault(400, 'a field occurs twice that may occur once')
  if (!fields.has('host') || !hostPattern.test(fields.get('host')!)) return fault(400, 'no valid host')
  const body = bodyOf(fields)
  if (typeof body === 'object') return body
  let waits = false
  if (fields.has('expect')) {
    waits = fields.get('expect')!.toLowerCase() === '100-continue'
    if (!waits) return fault(417, 'an expectation nobody can meet')
  }
  const connection = fields.get('connection')
  const close = connection !== undefined && connection !== 'keep-alive' && names(connection, 'close')
  return { method, target, fields, body, close, waits: waits && body !== 0 }
}

function bodyOf(fields: FieldList): RequestHead['body'] | Fault {
  if (fields.has('transfer-encoding')) {
    if (fields.has('content-length')) return fault(400, 'content-length beside transfer-encoding')
    if (fields.get('transfer-encoding') === 'chunked') return 'chunked'
    return fault(501, 'a transfer coding other than chunked')
  }
  if (!fields.has('content-length')) return 0
  const length = contentLength(fields.get('content-length')!)
  return length ?? fault(400, 'the content-length is not a number')
}

/** `null` when it is not digits alone, or more than a number holds exactly. */
export function contentLength(value: string): number | null {
  return /^\d{1,15}$/.test(value) ? Number(value) : null
}

/** Is this one of the words of a comma-separated list? @param word lower case */
export function names(list: string, word: string): boolean {
  return list.toLowerCase().split(',').some((one) => one.trim() === word)
}

function methodFault(text: string): Fault {
  if (text.startsWith('PRI * HTTP/2.0\r\n')) return fault(505, 'HTTP/2 is not spoken here')
  return /^[A-Z-]{1,32} /.test(text) ? fault(501, 'a method nobody serves') : fault(400, 'no method')
}

function versionFault(rest: string): Fault {
  return /^ HTTP\/\d\.\d\r\n/.test(rest) ? fault(505, 'only HTTP/1.1 is spoken') : fault(400, 'no request line')
}

function fault(status: Fault['status'], why: string): Fault {
  return { status, why }
}
