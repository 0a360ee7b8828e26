import type { Socket } from 'node:net'
import { helloProgress, maxHelloBytes, readServerName } from './client-hello.ts'
import { readFirstBytes, type Progress } from './first-bytes.ts'
import { refusal, type Verdict } from './passage.ts'
import { canonicalHost, formatTarget, parseHostHeader, type Target } from './target.ts'

/** The first bytes of a tunnel, to be sent on; or why they are not, and how to tell the client in its own protocol. */
export type Opening = { allow: true; bytes: Buffer } | { allow: false; verdict: Verdict; farewell: Buffer }

// A client that has its tunnel speaks at once; 10 s is what TLS servers commonly grant a handshake.
const openingTimeoutMs = 10_000

/**
 * Makes sure that a tunnel carries what it was opened for: to 443 TLS for the very host, to 80 HTTP for it.
 * Other ports are only open when the operator listed `host:port`, and carry anything.
 */
export async function readOpening(client: Socket, head: Buffer, target: Target): Promise<Opening> {
  if (target.port === 443) return await readTls(client, head, target)
  if (target.port === 80) return await readHttp(client, head, target)
  return { allow: true, bytes: head }
}

async function readTls(client: Socket, head: Buffer, target: Target): Promise<Opening> {
  const bytes = await readFirstBytes(client, {
    head,
    maxBytes: maxHelloBytes,
    timeoutMs: openingTimeoutMs,
    judge: helloProgress,
  })
  const at = formatTarget(target)
  if (bytes === null) return refuseTls('egress.not-tls', `the tunnel to ${at} did not begin with a TLS ClientHello`)
  const server = await readServerName(bytes)
  if (server.kind === 'unreadable')
    return refuseTls('egress.bad-client-hello', `the ClientHello for ${at} cannot be read`)
  // RFC 6066, section 3: an address is never sent as a server name, so a client of a literal address sends none.
  if (server.kind === 'absent') {
    return target.literal
      ? { allow: true, bytes }
      : refuseTls('egress.no-sni', `the ClientHello for ${at} names no server`)
  }
  if (canonicalHost(server.name) === target.host) return { allow: true, bytes }
  const asked = JSON.stringify(server.name.slice(0, 100))
  return refuseTls('egress.sni-mismatch', `the tunnel to ${at} asks for the server ${asked}`)
}

/** Fatal alert `access_denied` (49): the client reports a refusal and not a broken line. RFC 8446, section 6. */
const accessDenied = Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 49])

function refuseTls(rule: string, reason: string): Opening {
  return { allow: false, verdict: refusal(403, rule, reason), farewell: accessDenied }
}

// Node's own limit for the headers of a request.
const maxRequestHeadBytes = 16_384

async function readHttp(client: Socket, head: Buffer, target: Target): Promise<Opening> {
  const bytes = await readFirstBytes(client, {
    head,
    maxBytes: maxRequestHeadBytes,
    timeoutMs: openingTimeoutMs,
    judge: headProgress,
  })
  const at = formatTarget(target)
  if (bytes === null) return refuseHttp('egress.not-http', `the tunnel to ${at} did not begin with an HTTP request`)
  const asked = hostOfRequest(bytes)
  if (asked === null)
    return refuseHttp('egress.bad-request-head', `the first request in the tunnel to ${at} cannot be read`)
  if (asked.host === target.host && asked.port === target.port) return { allow: true, bytes }
  return refuseHttp('egress.host-mismatch', `the tunnel to ${at} carries a request for ${formatTarget(asked)}`)
}

// Method, then a path: absolute-form would name a second host.
const requestLine = /^[A-Z]{1,20} \/[\x21-\x7e]* HTTP\/1\.[01]$/

function headProgress(bytes: Buffer): Progress {
  if (bytes.length > 0 && !/^[A-Z]/.test(bytes.toString('latin1', 0, 1))) return 'bad'
  return bytes.includes('\r\n\r\n') ? 'done' : 'more'
}

/** The one Host of a request; `null` when it is missing, doubled, folded, or the head is not plain HTTP/1. */
function hostOfRequest(bytes: Buffer): Target | null {
  const [first = '', ...fields] = bytes.toString('latin1', 0, bytes.indexOf('\r\n\r\n')).split('\r\n')
  if (!requestLine.test(first)) return null
  // A bare CR or LF, a folded line or a space before the colon is read differently by different servers.
  if (fields.some((field) => /[\r\n\0]/.test(field) || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+:/.test(field))) return null
  const hosts = fields.filter((field) => /^host:/i.test(field))
  return hosts.length === 1 ? parseHostHeader(hosts[0]!.slice(5).trim()) : null
}

function refuseHttp(rule: string, reason: string): Opening {
  const text = `${reason}\n`
  const lines = ['HTTP/1.1 403 Forbidden', `x-hardshell-rule: ${rule}`, 'content-type: text/plain; charset=utf-8']
  lines.push(`content-length: ${Buffer.byteLength(text)}`, 'connection: close', '', text)
  return { allow: false, verdict: refusal(403, rule, reason), farewell: Buffer.from(lines.join('\r\n')) }
}
