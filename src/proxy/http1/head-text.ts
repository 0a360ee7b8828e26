import { http1Error } from './errors.ts'

/** Fields to be written: lower case names; a list is written as one line each; `undefined` is left out. */
export type OutgoingFields = Readonly<Record<string, string | number | readonly string[] | undefined>>

/** Fields as a head has them: name, value, name, value … with names in lower case. What `Fields.list` gives. */
export type FlatFields = readonly string[]

// Set where a message is framed, never by whoever answers: a second opinion about lengths is a desynchronized peer.
const framing = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/**
 * Field lines, each with its CRLF.
 * @param except one more name that is set elsewhere, such as `host`
 * @throws HardshellError `http1.bad-request` for a name or value that would not stay in its line
 */
export function fieldLines(fields: OutgoingFields | FlatFields, except = ''): string {
  if (isFlat(fields)) return flatLines(fields, except)
  let lines = ''
  for (const name in fields) {
    const value = fields[name]
    if (value === undefined || framing.has(name) || name === except) continue
    if (!isName(name)) throw http1Error('http1.bad-request', 'a field name holds characters no name may have')
    if (typeof value === 'string') lines += name + ': ' + checked(name, value) + '\r\n'
    else if (typeof value === 'number') lines += `${name}: ${value}\r\n`
    else for (const one of value) lines += name + ': ' + checked(name, one) + '\r\n'
  }
  return lines
}

export function isFlat(fields: OutgoingFields | FlatFields): fields is FlatFields {
  return Array.isArray(fields)
}

function flatLines(fields: FlatFields, except: string): string {
  let lines = ''
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!
    if (framing.has(name) || name === except) continue
    if (!isName(name)) throw http1Error('http1.bad-request', 'a field name holds characters no name may have')
    lines += name + ': ' + checked(name, fields[i + 1]!) + '\r\n'
  }
  return lines
}

/** The first line of an answer with its CRLF. Reason phrases are for people; the common ones are given. */
export function statusLine(status: number): string {
  const known = statusLines.get(status)
  if (known !== undefined) return known
  if (!Number.isInteger(status) || status < 100 || status > 999) {
    throw http1Error('http1.bad-request', 'a status has three digits')
  }
  return `HTTP/1.1 ${status} \r\n`
}

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  304: 'Not Modified',
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  417: 'Expectation Failed',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
  505: 'HTTP Version Not Supported',
}

const statusLines = new Map(Object.entries(reasons).map(([code, why]) => [Number(code), `HTTP/1.1 ${code} ${why}\r\n`]))

// Names of our own making are few; the provider's pass through once a message. The bound keeps it from filling memory.
const checkedNames = new Set<string>()
const maxCheckedNames = 1_000

function isName(name: string): boolean {
  if (checkedNames.has(name)) return true
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) return false
  if (checkedNames.size < maxCheckedNames) checkedNames.add(name)
  return true
}

function checked(name: string, value: string): string {
  if (!notAValue.test(value)) return value
  throw http1Error('http1.bad-request', `the value of ${name} holds characters no field may have`)
}

const notAValue = /[^\t\x20-\x7e\x80-\xff]/
