import { isIP } from 'node:net'
import { domainToASCII, domainToUnicode } from 'node:url'
import { normaliseHost } from '../../base/index.ts'

/** Where somebody wants to go, in the one spelling everything after this line compares. */
export interface Target {
  /** Lower case, no trailing dot, no brackets; every legacy form of an IPv4 address as dotted decimal. */
  host: string
  port: number
  /** True when `host` is an address and no name will be looked up. */
  literal: boolean
}

// Port without leading zero or sign: `0443` and `+443` are read differently by different parsers.
const authorityForm = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):([1-9]\d{0,4})$/

/**
 * Reads the target of a CONNECT: `host:port`, nothing else. The text is attacker-controlled.
 * @returns `null` for anything else: user info, missing or odd port, whitespace, percent signs, non-ASCII letters
 * (an IDN must come as its A-label), a zone id.
 * Source: RFC 9112, section 3.2.3 (authority-form).
 */
export function parseAuthority(text: string): Target | null {
  const match = authorityForm.exec(text)
  if (!match) return null
  const port = Number(match[2])
  const host = canonicalHost(match[1]!)
  return host === null || port > 65_535 ? null : { host, port, literal: isIP(host) !== 0 }
}

// The path may hold anything visible but a fragment, which never belongs on the wire.
const absoluteForm = /^http:\/\/([^/?#]+)((?:\/|\?)[\x21\x22\x24-\x7e]*)?$/i

/**
 * Reads the target of a plain request through a proxy: `http://host[:port]/path`. The text is attacker-controlled.
 * @returns the target and the path to ask the origin for, or `null` for another scheme, user info, a fragment …
 * Source: RFC 9112, section 3.2.2 (absolute-form).
 */
export function parseAbsolute(url: string): { target: Target; path: string } | null {
  const match = absoluteForm.exec(url)
  if (!match) return null
  const target = parseHostHeader(match[1]!)
  if (target === null) return null
  const path = match[2] ?? '/'
  return { target, path: path.startsWith('/') ? path : `/${path}` }
}

/** Reads a Host header of plain HTTP: `host` or `host:port`, port 80 when it says none. */
export function parseHostHeader(text: string): Target | null {
  return parseAuthority(/:\d+$/.test(text) && !/^[^[]*:[^[]*:/.test(text) ? text : `${text}:80`)
}

/** `host:port` as it is logged and shown. */
export function formatTarget({ host, port }: Target): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** What may be logged of a target that could not be read: no user info, no path, no query. */
export function hostPartOf(url: string): string {
  const [authority = '', ...rest] = url.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').split(/[/?#\\]/)
  // An @ further on: what stands here may be the beginning of a password with a slash in it.
  if (!authority.includes('@') && rest.some((part) => part.includes('@'))) return ''
  return authority.slice(authority.lastIndexOf('@') + 1).slice(0, 100)
}

// RFC 1035, section 2.3.4: 63 octets a label, 253 characters a name. The underscore occurs in real service names.
const nameForm = /^(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/
// A name in the spelling it has most of the time: nothing to normalise, and no digit first that could make an address.
const plainName = /^(?=.{1,253}$)[a-z][a-z0-9-]{0,62}(\.[a-z][a-z0-9-]{0,62})*$/

/** One spelling of a host, or `null` when it is neither an address nor a name DNS could hold. */
export function canonicalHost(raw: string): string | null {
  if ((plainName.test(raw) && !raw.includes('xn--')) || isIP(raw) === 4) return raw
  const host = normaliseHost(raw)
  if (host === null) return null
  return isIP(host) !== 0 || nameForm.test(host) ? host : null
}

/**
 * The A-label form of a host a person or a program wrote with letters of any language.
 * @returns `null` when the letters are not the ones they stand for (fullwidth digits, circled letters, an ideographic
 * full stop, an invisible hyphen): two readers may take such a name for two hosts. Source: UTS 46, section 4
 */
export function asciiHost(raw: string): string | null {
  if (/^[\x21-\x7e]+$/.test(raw)) return raw
  const ascii = domainToASCII(raw)
  return ascii !== '' && domainToUnicode(ascii) === raw.normalize('NFC').toLowerCase() ? ascii : null
}
