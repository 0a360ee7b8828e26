import type { Secret } from '../../../base/index.ts'
import type { Sentinel } from './sentinel.ts'

/** A header with the secret in place of its sentinel. */
export type Substituted = { kind: 'untouched' } | { kind: 'substituted'; value: string } | { kind: 'unusable' }

/**
 * Puts the secret where its sentinel stands: anywhere in the value, and inside the base64 of `Basic`, as git and curl
 * write user and password. Nothing is put into a value that would not stay in its line.
 * @param value of the one header the sentinel is bound to
 */
export function substitute(value: string, sentinel: Sentinel, secret: Secret): Substituted {
  if (value.includes(sentinel.text)) return checked(value.replaceAll(sentinel.text, () => secret.reveal()))
  const login = basicLogin(value)
  if (login === null || !login.includes(sentinel.text)) return { kind: 'untouched' }
  const filled = login.replaceAll(sentinel.text, () => secret.reveal())
  return checked(`Basic ${Buffer.from(filled, 'utf8').toString('base64')}`)
}

/** The value without a sentinel that stands in its place, to be looked through for what does not. */
export function withoutSentinel(value: string, sentinel: Sentinel): string {
  if (value.includes(sentinel.text)) return value.replaceAll(sentinel.text, '')
  const login = basicLogin(value)
  return login !== null && login.includes(sentinel.text) ? login.replaceAll(sentinel.text, '') : value
}

/** User and password of HTTP's oldest login; `null`: it is none. Source: RFC 7617. */
function basicLogin(value: string): string | null {
  const match = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(value)
  return match ? Buffer.from(match[1]!, 'base64').toString('utf8') : null
}

function checked(value: string): Substituted {
  return /[^\t\x20-\x7e\x80-\xff]/.test(value) ? { kind: 'unusable' } : { kind: 'substituted', value }
}
