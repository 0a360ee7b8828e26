import { readFields, type FieldList } from '../http1/fields.ts'
import { parseHostHeader } from './target.ts'

/** The head of a CONNECT, as far as anybody looks at it. Attacker-controlled. */
export interface ConnectHead {
  /** What stands where `host:port` should. */
  authority: string
  /** Value of `Proxy-Authorization`; `null`: none. */
  authorization: string | null
}

/** Why a head is none. */
export interface BadHead {
  status: 400 | 431
  why: string
}

/**
 * Reads the head of a CONNECT: request line, then fields, CRLF and nothing else between them. What two readers could
 * take for two requests is refused: a body (RFC 9110, section 9.3.6, gives it no meaning), a field twice that may
 * occur once, a Host that names somebody else.
 * @param length of the head in `bytes`, the empty line included
 */
export function readConnectHead(bytes: Buffer, length: number): ConnectHead | BadHead {
  const text = bytes.toString('latin1', 0, length - 2)
  const line = /^CONNECT ([\x21-\x7e]+) HTTP\/1\.[01]\r\n/.exec(text)
  if (!line) return bad(400, 'the request line cannot be read')
  const fields = readFields(bytes, { at: line[0].length, end: length - 2, text, base: 0 })
  if (fields === 'malformed') return bad(400, 'a field line is malformed')
  if (fields === 'too-many') return bad(431, 'too many fields')
  const why = ambiguity(fields, line[1]!)
  return why === null ? { authority: line[1]!, authorization: fields.get('proxy-authorization') ?? null } : bad(400, why)
}

function ambiguity(fields: FieldList, authority: string): string | null {
  if (fields.ambiguous) return 'a field occurs twice that may occur once'
  if (fields.has('transfer-encoding')) return 'a CONNECT has no body'
  if (fields.has('content-length') && fields.get('content-length') !== '0') return 'a CONNECT has no body'
  if (!fields.has('host')) return null // HTTP/1.0 clients send none, and old Python's
  const host = fields.get('host')!
  if (host === authority) return null
  const [said, asked] = [parseHostHeader(host), parseHostHeader(authority)]
  return said !== null && said.host === asked?.host ? null : 'the Host field and the target name different hosts'
}

function bad(status: BadHead['status'], why: string): BadHead {
  return { status, why }
}
