import { Agent as HttpsAgent } from 'node:https'
import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'

/** Asked for each connection, so that a changed bundle counts for the next one. */
type TlsOptions = () => ConnectionOptions

/** Where a client of undici wants to go, as far as it matters here. */
interface ConnectTarget {
  hostname: string
  protocol: string
  port: string
  servername?: string | null
}

/** `connect` of undici's Agent, Client and Pool. */
export type Connector = (target: ConnectTarget, done: (...answer: [null, Socket] | [Error, null]) => void) => void

/** No session is resumed: it would have been verified by the authorities of its first connection. */
export function connectorWith(options: TlsOptions, timeoutMs: number): Connector {
  return (target, done) => {
    const { host, port } = { host: target.hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(target.port) }
    const secure = target.protocol === 'https:'
    const name = target.servername ?? host
    const servername = isIP(name) === 0 ? { servername: name } : {} // Node sends none of itself
    const at = { host, port: port || (secure ? 443 : 80) }
    const socket = secure ? connectTls({ ...at, ...servername, ALPNProtocols: ['http/1.1'], ...options() }) : connectPlain(at)
    const settle = (error: Error | null): void => {
      clearTimeout(timer)
      socket.off('error', settle)
      if (error) {
        socket.on('error', () => {}).destroy()
        done(error, null)
      } else done(null, socket)
    }
    const late = Object.assign(new Error(`no connection within ${timeoutMs} ms`), { code: 'UND_ERR_CONNECT_TIMEOUT' })
    const timer = setTimeout(() => settle(late), timeoutMs)
    socket.setNoDelay(true)
    socket.once(secure ? 'secureConnect' : 'connect', () => settle(null)).once('error', settle)
  }
}

/** The same for clients that take an agent of `node:https`. */
export class OutboundAgent extends HttpsAgent {
  readonly #options: TlsOptions

  constructor(options: TlsOptions) {
    super({ keepAlive: true, maxCachedSessions: 0 })
    this.#options = options
  }

  override createConnection(...[target, done]: Parameters<HttpsAgent['createConnection']>): ReturnType<HttpsAgent['createConnection']> {
    return super.createConnection({ ...target, ...this.#options() }, done)
  }
}
