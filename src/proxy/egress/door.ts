import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { formatListen, HardshellError, messageOf, type Listen } from '../../base/index.ts'
import { meet } from '../visit.ts'
import { refusal, type Passage, type Surroundings } from './passage.ts'
import { servePlain } from './plain.ts'
import { serveTunnel } from './tunnel.ts'

interface DoorLimits {
  connectTimeoutMs: number
  idleTimeoutMs: number
  maxConnections: number
}

/** The server of the proxy. Whatever it serves is in `serving` until its closing entry is written. */
export function createDoor(limits: DoorLimits, around: Surroundings, serving: Set<Promise<void>>): Server {
  const track = (work: Promise<void>): void => {
    serving.add(work)
    void work.finally(() => serving.delete(work))
  }
  const server = createServer({
    insecureHTTPParser: false,
    maxHeaderSize: 16_384,
    // Slowloris: a client has as long to say what it wants as we give a destination to answer.
    headersTimeout: limits.connectTimeoutMs,
    requestTimeout: Math.max(limits.idleTimeoutMs, limits.connectTimeoutMs),
    keepAliveTimeout: limits.idleTimeoutMs,
    connectionsCheckingInterval: Math.min(1000, limits.connectTimeoutMs),
  })
  server.maxConnections = limits.maxConnections
  server.on('connect', (request, socket, head) => {
    const client = socket as Socket
    client.on('error', () => client.destroy())
    const passage = begin(client, request.url ?? '', around)
    track(serveTunnel(passage, { request, client, head }, around))
  })
  server.on('request', (request, response) => {
    response.on('error', () => response.destroy())
    const passage = begin(request.socket, request.url ?? '', around)
    track(servePlain(passage, { request, response }, around))
  })
  return server
}

function begin(client: Socket, url: string, around: Surroundings): Passage {
  const passage: Passage = {
    visit: meet('egress', client.remoteAddress ?? 'unknown', around.ports.clock),
    target: hostPartOf(url),
    host: '',
    port: 0,
    verdict: refusal(502, 'egress.failed', 'nothing was decided yet'),
    cut: false,
    bytesIn: 0,
    bytesOut: 0,
    sockets: [client],
  }
  around.open.add(passage)
  return passage
}

/** What may be logged of a target that could not be read: no user info, no path, no query. */
function hostPartOf(url: string): string {
  const [authority = ''] = url.replace(/^[a-z]+:\/\//i, '').split(/[/?#]/)
  return authority.slice(authority.lastIndexOf('@') + 1).slice(0, 100)
}

/** @throws HardshellError `egress.listen-failed` */
export function listen(server: Server, at: Listen): Promise<Listen> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void => {
      const more = { hint: 'choose another port or stop what uses it', cause }
      reject(
        new HardshellError('egress.listen-failed', `cannot listen on ${formatListen(at)}: ${messageOf(cause)}`, more),
      )
    }
    server.once('error', fail)
    server.listen(at.port, at.host, () => {
      server.off('error', fail)
      resolve({ host: at.host, port: (server.address() as AddressInfo).port })
    })
  })
}
