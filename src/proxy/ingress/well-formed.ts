import type { IncomingMessage } from 'node:http'
import { refuse, type Step } from './call.ts'

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

// Two of one of these, and two programs may believe two different things about the request.
const single = [
  'host',
  'content-length',
  'transfer-encoding',
  'authorization',
  'origin',
  'upgrade',
  'content-type',
  'sec-fetch-site',
  'sec-fetch-mode',
]

// A credential in a URL ends in histories, logs and Referer headers, and `gatewayUrl` made the Control UI send its
// token to whoever wrote the link (CVE-2026-25253).
const secretParameters: ReadonlySet<string> = new Set(['token', 'access_token', 'auth_token', 'gatewayurl', 'password'])

/** Only requests that every HTTP program reads alike go any further. */
export const wellFormed: Step = ({ method, path, request }) => {
  if (!methods.has(method)) return refuse(405, 'ingress.method', `the method ${method} is not served here`)
  const url = request.url ?? ''
  if (!/^\/[\x21-\x7e]*$/.test(url) || url.includes('#'))
    return refuse(400, 'ingress.target', 'the target must be a path')
  if (path === '') return refuse(400, 'ingress.path', 'the path cannot be read in one way only')
  const doubled = single.find((name) => (request.headersDistinct[name]?.length ?? 0) > 1)
  if (doubled) return refuse(400, 'ingress.doubled-header', `the header ${doubled} came twice`)
  if (request.headers.host === undefined) return refuse(400, 'ingress.no-host', 'the Host header is missing')
  const query = url.includes('?') ? url.slice(url.indexOf('?') + 1) : ''
  const named = [...new URLSearchParams(query).keys()].find((name) => secretParameters.has(name.toLowerCase()))
  if (named === undefined) return 'next'
  return refuse(
    400,
    'ingress.token-in-url',
    `a URL must not carry ${named}; log in at /hardshell/login or send a bearer token`,
  )
}

// More fields than any browser or SDK sends; Node itself would drop the rest silently.
const maxHeaders = 100
const maxUrlBytes = 8192 // RFC 9112, section 3 asks for at least 8000

/** Sizes that are known before the body comes; the body itself is counted while it flows. */
export const withinLimits: Step = ({ request }, { options }) => {
  if ((request.url ?? '').length > maxUrlBytes)
    return refuse(414, 'ingress.url-length', `the URL is longer than ${maxUrlBytes} bytes`)
  if (request.rawHeaders.length / 2 > maxHeaders)
    return refuse(431, 'ingress.headers', `more than ${maxHeaders} headers`)
  if (Number(request.headers['content-length'] ?? 0) > options.maxBodyBytes) return bodyTooLarge(options.maxBodyBytes)
  return 'next'
}

export function bodyTooLarge(maxBodyBytes: number): ReturnType<typeof refuse> {
  return refuse(413, 'ingress.body-size', `the body is larger than ${maxBodyBytes} bytes`)
}

/**
 * The path a rule may look at: decoded as far as it goes, because the gateway must not understand more than we do.
 * @returns empty when two programs could read it differently: dot segments, back slashes, NUL, control characters,
 * a second host, bytes that are not UTF-8
 */
export function readPath(request: IncomingMessage): string {
  const [raw = ''] = (request.url ?? '').split('?')
  let path = raw
  // Twice is what a double-encoded attack takes; deeper nesting is none of anybody's file names.
  for (let round = 0; round < 3 && path.includes('%'); round++) {
    const decoded = decode(path)
    if (decoded === null && round === 0) return ''
    path = decoded ?? path
  }
  // oxlint-disable-next-line no-control-regex
  return raw.startsWith('//') || /(^|\/)\.{1,2}(\/|$)|[\x00-\x1f\x7f\\]/.test(path) ? '' : path
}

function decode(path: string): string | null {
  try {
    return decodeURIComponent(path)
  } catch {
    return null
  }
}
