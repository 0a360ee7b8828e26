import { readFields, type FieldList } from './fields.ts'
import { contentLength, names } from './request-head.ts'

/** What an answer says before its body. */
export interface ResponseHead {
  status: number
  fields: FieldList
  /** Bytes of body; `chunked` when its end is in it; `close` when the end of the connection is. */
  body: number | 'chunked' | 'close'
  /** Nothing follows on this connection. */
  close: boolean
  /** The origin keeps an idle connection for so long; `null`: it does not say. */
  keepAliveMs: number | null
}

/**
 * Reads the head of an answer to this method. The origin is not trusted either: what a second reader could frame
 * differently would put the words of one call into the answer of another.
 * @param bytes begins with the head
 * @param length of the head, the empty line included
 * @returns one sentence on what is wrong with it, when something is
 */
export function readResponseHead(bytes: Buffer, length: number, method: string): ResponseHead | string {
  const text = bytes.toString('latin1', 0, length - 2)
  const lineEnd = text.indexOf('\r\n')
  const line = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/.exec(text.slice(0, lineEnd))
  if (!line) return 'the status line is malformed'
  const fields = readFields(bytes, { at: lineEnd + 2, end: length - 2, text, base: 0 })
  if (fields === 'malformed') return 'a field line is malformed'
  if (fields === 'too-many') return 'there are too many fields'
  if (fields.has('content-length') && fields.has('transfer-encoding')) return 'two framings contradict each other'
  if (fields.ambiguous) return 'a field occurs twice that may occur once'
  const status = Number(line[2])
  const body = bodyOf(fields, status, method, line[1] === '0')
  if (typeof body === 'object') return body.why
  const connection = fields.get('connection')
  const close = body === 'close' || line[1] === '0' || (connection !== undefined && names(connection, 'close'))
  // An interim answer has no body and ends nothing: one that says otherwise is read differently by different readers.
  const framed = close || fields.has('content-length') || fields.has('transfer-encoding')
  if (status < 200 && status !== 101 && framed) return 'an interim answer has framing'
  return { status, fields, body, close, keepAliveMs: keepAliveOf(fields) }
}

type Body = ResponseHead['body'] | { why: string }

function bodyOf(fields: FieldList, status: number, method: string, old: boolean): Body {
  const coding = fields.has('transfer-encoding') ? fields.get('transfer-encoding')!.toLowerCase() : null
  if (coding !== null && (old || coding !== 'chunked')) return { why: 'its transfer coding is not chunked' }
  const length = fields.has('content-length') ? contentLength(fields.get('content-length')!) : undefined
  if (length === null) return { why: 'its content-length is not a number' }
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return 0
  return coding === null ? (length ?? 'close') : 'chunked'
}

/** Source: RFC 2068, section 19.7.1.1, still what servers say. */
function keepAliveOf(fields: FieldList): number | null {
  const seconds = /(?:^|[,\s])timeout=(\d{1,6})(?:$|[,\s])/.exec(fields.get('keep-alive') ?? '')
  return seconds ? Number(seconds[1]) * 1000 : null
}
