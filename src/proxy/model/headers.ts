import type { Fields, FlatFields } from '../http1/index.ts'
import type { ApiName } from './api.ts'
import { isForProvider } from './request-headers.ts'

/** Of a received head. Attacker-controlled; names in lower case. */
export type Headers = Pick<Fields, 'get' | 'list'>

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
  received: Headers,
  key: { name: string; value: string } | 'client' | null,
  more: readonly string[] = [],
): FlatFields {
  const named = namedByConnection(received.get('connection'))
  const list = received.list()
  const sent: string[] = []
  for (let i = 0; i < list.length; i += 2) {
    const name = list[i]!
    if (isForwarded(name, notForwarded, named) && isForProvider(name, more)) sent.push(name, list[i + 1]!)
  }
  if (key === 'client') passCredentials(received, sent)
  else if (key) sent.push(key.name, key.value)
  sent.push('accept-encoding', 'identity') // what cannot be read cannot be screened
  return sent
}

/** What goes back to the client; the caller sets length and visit. */
export function headersToClient(received: Headers, decoded: boolean): string[] {
  const named = namedByConnection(received.get('connection'))
  const list = received.list()
  const sent: string[] = []
  for (let i = 0; i < list.length; i += 2) {
    const name = list[i]!
    if (decoded && name === 'content-encoding') continue
    if (isForwarded(name, notReturned, named)) sent.push(name, list[i + 1]!)
  }
  return sent
}

/** The credential as presented: bearer token or key header; `null` when there is none. Attacker-controlled. */
export function presentedCredential(headers: Headers): string | null {
  const bearer = /^bearer +(\S+) *$/i.exec(headers.get('authorization') ?? '')
  if (bearer) return bearer[1]!
  return (headers.get('x-api-key') ?? headers.get('x-goog-api-key')) || null
}

/** Which API a client of a common path speaks: Anthropic's SDK names its version, Google's has a header of its own. */
export function apiSpoken(headers: Headers): ApiName {
  if (headers.get('anthropic-version') !== undefined) return 'anthropic-messages'
  return headers.get('x-goog-api-key') === undefined ? 'openai-chat' : 'google-generative'
}

function passCredentials(received: Headers, sent: string[]): void {
  for (const name of ['authorization', 'x-api-key', 'x-goog-api-key']) {
    const value = received.get(name)
    if (value !== undefined) sent.push(name, value)
  }
}

function isForwarded(name: string, dropped: ReadonlySet<string>, named: ReadonlySet<string> | null): boolean {
  return !hopByHop.has(name) && !dropped.has(name) && named?.has(name) !== true
}

function namedByConnection(connection: string | undefined): ReadonlySet<string> | null {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return null
  return new Set(connection.toLowerCase().split(',').map((name) => name.trim()))
}
