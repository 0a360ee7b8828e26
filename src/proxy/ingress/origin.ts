import type { Socket } from 'node:net'
import { formatListen, HardshellError, isLoopback } from '../../base/index.ts'
import { refuse, type Call, type Step, type Surroundings } from './call.ts'

/**
 * Only for us, and only from our own pages. A foreign Host is how DNS rebinding looks, a foreign Origin or
 * Sec-Fetch-Site is another site using the browser of somebody who is logged in. Programs send neither of the two.
 */
export const ourOrigin: Step = (call, { options }) => {
  const { headers, socket } = call.request
  const publicOrigins = options.publicOrigins ?? []
  const hosts = localHosts(socket)
  const host = (headers.host ?? '').toLowerCase()
  const throughPublic = publicOrigins.find((origin) => new URL(origin).host === host)
  if (!hosts.includes(host) && throughPublic === undefined) {
    return refuse(
      403,
      'ingress.host',
      'this host name is not served here; add its origin to the public origins if it is yours',
    )
  }
  const { origin } = headers
  const allowed = [...hosts.map((name) => `http://${name}`), ...publicOrigins]
  if (origin !== undefined && !allowed.includes(origin))
    return refuse(403, 'ingress.origin', 'requests from other sites are refused')
  call.secure = (origin ?? throughPublic ?? '').startsWith('https://')
  return fromElsewhere(call) ? refuse(403, 'ingress.fetch-site', 'requests from other sites are refused') : 'next'
}

/**
 * Reads what the browser says about where a request comes from. Following a link from another site is fine: the
 * session cookie does not travel with it (SameSite=Strict). `same-site` is not: another port of localhost is same-site.
 * Source: W3C Fetch Metadata Request Headers.
 */
function fromElsewhere({ request: { headers }, method, client }: Call): boolean {
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return false
  const followsLink = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  return !(followsLink && method === 'GET' && client.kind === 'http')
}

/**
 * The host the gateway is told. A loopback name is passed on, so that the links the gateway makes lead back here; any
 * other is replaced by the gateway's own address, which keeps this door a local client in its eyes.
 */
export function hostForGateway({ request }: Call, { options }: Surroundings): string {
  const host = (request.headers.host ?? '').toLowerCase()
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host) ? host : formatListen(options.gateway)
}

/** The names of this very socket: an address nobody can rebind, and localhost where it is meant. */
function localHosts({ localAddress = '', localPort = 0 }: Socket): string[] {
  const bare = localAddress.replace(/^::ffff:/i, '')
  const names = [bare.includes(':') ? `[${bare}]` : bare]
  if (isLoopback(bare)) names.push('localhost', '127.0.0.1', '[::1]')
  return names.map((name) => (localPort === 80 ? name : `${name}:${localPort}`))
}

/** @throws HardshellError `ingress.bad-origin` */
export function checkOrigins(origins: readonly string[]): void {
  for (const origin of origins) {
    if (URL.canParse(origin) && new URL(origin).origin === origin && /^https?:/.test(origin)) continue
    const more = { hint: 'an origin is written https://claw.example.com, without a path or a slash at the end' }
    throw new HardshellError('ingress.bad-origin', `public origin ${JSON.stringify(origin)} cannot be used`, more)
  }
}
