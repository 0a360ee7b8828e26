import type { IncomingHttpHeaders } from 'node:http'
import type { ApiName } from './api.ts'
import { isForProvider } from './request-headers.ts'

type Headers = Record<string, string | string[]>

// Source: RFC 9110, section 7.6.1, and RFC 9112; proxy-authenticate and -authorization are for one hop only.
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

// Ours to set, or nobody's business at the provider: the virtual key, cookies, who stands where.
const notForwarded = new Set([
  'accept-encoding',
  'api-key',
  'authorization',
  'content-length',
  'cookie',
  'expect',
  'forwarded',
  'host',
  'origin',
  'referer',
  'via',
  'x-api-key',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-goog-api-key',
  'x-goog-user-project', // whose project pays is the operator's choice
  'x-http-method-override', // Google obeys it: a call would be another one than was judged
  'x-real-ip',
])

// These speak for the provider's host, not for ours; alt-svc would invite clients to go around us.
const notReturned = new Set([
  'alt-svc',
  'content-length',
  'set-cookie',
  'strict-transport-security',
  'x-hardshell-visit',
])

/**
 * What goes to the provider. Attacker-controlled on the way in: a header named by `Connection` is dropped, but can
 * not make us drop what we add (CVE-2026-33805 was a proxy that let it).
 * @param key the provider's own credential header; `client` passes on what the client presented, `null` nothing: what a
 * client presented to us is a virtual key, and nobody else's business
 * @param more names the operator lets through beside those providers are known to read
 */
export function headersToProvider(
  received: IncomingHttpHeaders,
  bodyBytes: number | null,
  key: { name: string; value: string } | 'client' | null,
  more: readonly string[] = [],
): Headers {
  const sent = forwardable(received, notForwarded, (name) => isForProvider(name, more))
  if (key === 'client') passCredentials(received, sent)
  else if (key) sent[key.name] = key.value
  sent['accept-encoding'] = 'identity' // what cannot be read cannot be screened
  if (bodyBytes !== null) sent['content-length'] = String(bodyBytes)
  return sent
}

/** What goes back to the client; the caller sets length and visit. */
export function headersToClient(received: IncomingHttpHeaders, decoded: boolean): Headers {
  const sent = forwardable(received, notReturned, () => true)
  if (decoded) delete sent['content-encoding']
  return sent
}

/** The credential as presented: bearer token or key header; `null` when there is none. Attacker-controlled. */
export function presentedCredential(headers: IncomingHttpHeaders): string | null {
  const bearer = /^bearer +(\S+) *$/i.exec(headers.authorization ?? '')
  if (bearer) return bearer[1]!
  const key = headers['x-api-key'] ?? headers['x-goog-api-key']
  return typeof key === 'string' && key !== '' ? key : null
}

/** Which API a client of a common path speaks: Anthropic's SDK names its version, Google's has a header of its own. */
export function apiSpoken(headers: IncomingHttpHeaders): ApiName {
  if (headers['anthropic-version'] !== undefined) return 'anthropic-messages'
  return headers['x-goog-api-key'] === undefined ? 'openai-chat' : 'google-generative'
}

function passCredentials(received: IncomingHttpHeaders, sent: Headers): void {
  for (const name of ['authorization', 'x-api-key', 'x-goog-api-key']) {
    const value = received[name]
    if (value !== undefined) sent[name] = value
  }
}

function forwardable(received: IncomingHttpHeaders, dropped: ReadonlySet<string>, mayGo: (name: string) => boolean): Headers {
  const named = namedByConnection(received.connection)
  const sent: Headers = {}
  for (const name in received) {
    const value = received[name]
    if (value === undefined || hopByHop.has(name) || dropped.has(name) || named?.has(name) || !mayGo(name)) continue
    sent[name] = value
  }
  return sent
}

function namedByConnection(connection: string | string[] | undefined): Set<string> | null {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return null
  return new Set(String(connection).toLowerCase().split(',').map((name) => name.trim()))
}
