import { systemClock, type Clock } from '../../base/index.ts'
import { createHttp1Server, type Exchange, type Http1Server, type Http1ServerOptions } from './index.ts'

const servers: Http1Server[] = []

// Answers carry the date: for tests it is always the same.
const clock: Clock = { ...systemClock, now: () => Date.UTC(2026, 0, 2, 3, 4, 5) }
export const date = 'date: Fri, 02 Jan 2026 03:04:05 GMT\r\n'

/** A server on a free port of this machine. */
export async function openServer(
  onExchange: (exchange: Exchange) => void,
  options: Http1ServerOptions = {},
  onTrouble?: (error: unknown) => void,
): Promise<{ server: Http1Server; port: number }> {
  const server = createHttp1Server(options, onExchange, { clock, onTrouble })
  servers.push(server)
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 })
  return { server, port }
}

/** Closes all that a test has opened. */
export async function closeServers(): Promise<void> {
  await Promise.all(servers.splice(0).map((server) => server.close()))
}

export const hello = (exchange: Exchange): void => exchange.reply.whole(200, { 'content-type': 'text/plain' }, 'hello')
export const get = 'GET /a HTTP/1.1\r\nhost: a\r\n\r\n'
