import { asciiHost, parseAuthority, type Target } from './target.ts'

/** A URL as a client would bring it to the proxy. */
export interface AskedUrl {
  target: Target
  /** TLS from end to end: method and path cannot be seen. */
  encrypted: boolean
  /** Path and query, as they go to the origin. */
  path: string
}

const schemes: Readonly<Record<string, { encrypted: boolean; port: number }>> = {
  'http:': { encrypted: false, port: 80 },
  'ws:': { encrypted: false, port: 80 },
  'https:': { encrypted: true, port: 443 },
  'wss:': { encrypted: true, port: 443 },
}

// Authority up to the first of / ? #: everything else in there is a trick. Source: RFC 3986, section 3.2
const urlForm = /^([a-z][a-z0-9+.-]*:)\/\/([^/?#]*)(.*)$/i

/**
 * Reads a URL the strict way. The text is attacker-controlled.
 * @returns why it is none that may be asked for: white space and control characters, another scheme, user information,
 * a backslash or a percent sign in the authority, letters that stand for other letters, an odd port
 */
export function readUrl(url: string): AskedUrl | string {
  if (/[\u0000-\u0020\u007f-\u00a0\u2028\u2029\ufeff]/.test(url)) return 'it holds white space or control characters'
  const match = urlForm.exec(url)
  if (!match) return 'it is not written scheme://host/path'
  const [, written = '', authority = '', rest = ''] = match
  const scheme = schemes[written.toLowerCase()]
  if (!scheme) return `nothing is asked for by ${written.slice(0, 20)}`
  const target = readAuthority(authority, scheme.port)
  if (typeof target === 'string') return target
  const path = rest.replace(/#.*$/, '')
  return { target, encrypted: scheme.encrypted, path: path.startsWith('/') ? path : `/${path}` }
}

function readAuthority(authority: string, defaultPort: number): Target | string {
  if (authority.includes('@')) return 'it holds user information'
  if (/[\\%<>^`{|}"]/.test(authority)) return 'its host holds characters no host has'
  // `host:` without a port means the usual one (RFC 3986, section 3.2.3).
  const match = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(authority)
  if (!match) return 'its host cannot be read'
  const [, written = '', port = ''] = match
  const host = asciiHost(written)
  if (host === null) return 'its host is written in letters that stand for others'
  return parseAuthority(`${host}:${port === '' ? defaultPort : port}`) ?? 'its host or port cannot be read'
}
