import { createServer as createHttpServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { formatListen, HardshellError, messageOf, type Listen } from '../../base/index.ts'
import { Members } from '../http1/members.ts'
import { meet } from '../visit.ts'
import type { Admission } from './admit.ts'
import { Arrival, maxHeadBytes, type ArrivalEvents } from './arrival.ts'
import { readConnectHead } from './connect-head.ts'
import { gatewayIdentity } from './identity.ts'
import { closePassage, refusal, settle, type Passage, type Verdict } from './passage.ts'
import { servePart, servePlain } from './plain.ts'
import { Patience } from './patience.ts'
import { dismiss, refusalText } from './refuse.ts'
import type { Surroundings } from './surroundings.ts'
import { hostPartOf, type Target } from './target.ts'
import { serveTunnel, type ServeInside } from './tunnel.ts'

/** The server of the proxy. */
export interface Door {
  /** @throws HardshellError `egress.listen-failed` */
  listen(at: Listen): Promise<Listen>
  /** Stops listening and ends whoever has not yet said what it wants. Resolves when nobody is left. */
  close(): Promise<void>
}

// The kernel cuts it to net.core.somaxconn; Node's default of 511 is less than a burst of tools opens at once.
const acceptBacklog = 4_096

/** A request inside a tunnel, kept beside its socket until Node has read it. */
interface Inside {
  passage: Passage
  target: Target
  admission: Admission
  done(): void
}

/**
 * CONNECT is read here; everything else is given to Node's own server, one request a connection: what follows a request
 * unasked is nobody's.
 */
export function createDoor(maxConnections: number, around: Surroundings): Door {
  const insides = new WeakMap<Socket, Inside>()
  const arrivals = new Members<Arrival>()
  // Given to Node's server, which has not yet read a whole head of them.
  const reading = new Set<Socket>()
  const plain = plainServer(around, {
    onRequest(request, response) {
      reading.delete(request.socket)
      const inside = insides.get(request.socket)
      insides.delete(request.socket)
      if (inside) void servePart(inside.passage, { request, response, inside }, around).finally(() => inside.done())
      else void servePlain(begin(request.socket, request.url ?? '', around), { request, response, inside: null }, around)
    },
    onBadRequest(client, verdict) {
      const inside = insides.get(client)
      insides.delete(client)
      if (!inside && !reading.delete(client)) return void client.destroy() // it was answered, or turned away, before
      if (!inside) return turnAway(client, begin(client, '', around), verdict, around)
      settle(inside.passage, verdict)
      if (client.writable) client.end(refusalText(inside.passage))
      inside.done()
    },
  })
  const serveInside: ServeInside = (passage, { client, bytes, target, admission }) =>
    new Promise((done) => {
      insides.set(client, { passage, target, admission, done })
      client.once('close', done)
      hand(client, bytes, plain)
    })

  const asked: ArrivalEvents = {
    onBadHead: ({ client, patience }, verdict) => turnAway(client, begin(client, '', around, patience), verdict, around),
    onHead({ client, patience }, bytes, length) {
      if (length === null) {
        patience.end()
        reading.add(client.once('close', () => reading.delete(client)))
        return hand(client, bytes, plain)
      }
      const passage = begin(client, '', around, patience)
      const head = readConnectHead(bytes, length)
      if ('why' in head) return turnAway(client, passage, refusal(head.status, 'egress.bad-request-head', head.why), around)
      serveTunnel(passage, { head, client, rest: bytes.subarray(length) }, around, serveInside)
    },
  }
  const onArrival = (client: Socket): void => {
    client.on('error', () => client.destroy())
    // Silence must not keep others out: whoever has said too little for longest makes room.
    if (around.open.size + arrivals.size + reading.size >= maxConnections && !makeRoom(arrivals, reading)) return void client.destroy()
    arrivals.add(new Arrival(client, around, arrivals, asked))
  }
  const server = createServer({ allowHalfOpen: true }, onArrival)
  return {
    listen: (at) => listen(server, at),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const { client } of arrivals.list()) client.destroy()
      plain.closeAllConnections()
      await closed
    },
  }
}

function makeRoom(arrivals: Members<Arrival>, reading: Set<Socket>): boolean {
  const silent = arrivals.first
  const [slow] = reading
  silent?.leave()
  silent?.patience.end()
  if (!silent && slow) reading.delete(slow)
  const client = silent?.client ?? slow
  client?.destroy()
  return client !== undefined
}

interface PlainEvents {
  onRequest(request: IncomingMessage, response: ServerResponse): void
  onBadRequest(client: Socket, verdict: Verdict): void
}

function plainServer(around: Surroundings, { onRequest, onBadRequest }: PlainEvents): HttpServer {
  const { limits } = around
  const server = createHttpServer({
    insecureHTTPParser: false,
    maxHeaderSize: maxHeadBytes,
    requestTimeout: Math.max(limits.idleTimeoutMs, limits.openingTimeoutMs),
    headersTimeout: limits.openingTimeoutMs,
    connectionsCheckingInterval: Math.min(1000, limits.openingTimeoutMs),
    requireHostHeader: false, // its absence is judged, told and logged as everything else is
  })
  server.maxRequestsPerSocket = 1
  // Node begins to look after time-outs when a server listens. This one is given its connections.
  server.emit('listening')
  server.on('request', (request, response) => {
    response.on('error', () => response.destroy())
    onRequest(request, response)
  })
  // Where nobody listens, Node answers by itself, and nobody reads of it in the log.
  server.on('connect', (_request, socket) => onBadRequest(socket as Socket, refusal(400, 'egress.bad-request-head', 'a CONNECT has to be the first that is said')))
  server.on('checkExpectation', (request: IncomingMessage) => onBadRequest(request.socket, refusal(417, 'egress.bad-request-head', 'nothing but 100-continue can be expected')))
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
    onBadRequest(socket as Socket, refusal(status, 'egress.bad-request-head', 'the request cannot be read'))
  })
  return server
}

/** Gives a connection to Node's server together with what was already read from it. */
function hand(client: Socket, bytes: Buffer, plain: HttpServer): void {
  if (client.destroyed) return
  client.setNoDelay(true)
  client.pause()
  client.unshift(bytes)
  plain.emit('connection', client)
  client.resume()
}

function turnAway(client: Socket, passage: Passage, verdict: Verdict, around: Surroundings): void {
  passage.verdict = verdict
  dismiss(client, refusalText(passage))
  closePassage(passage, around)
}

function begin(client: Socket, url: string, around: Surroundings, patience = new Patience(around.sweep)): Passage {
  const passage: Passage = {
    visit: meet('egress', client.remoteAddress ?? 'unknown', around.ports.clock, around.newId()),
    identity: gatewayIdentity,
    target: url === '' ? '' : hostPartOf(url),
    host: '',
    port: 0,
    address: '',
    method: '',
    verdict: undecided,
    wouldBe: null,
    before: null,
    after: null,
    cut: false,
    bytesIn: 0,
    bytesOut: 0,
    share: null,
    account: null,
    lifetime: null,
    patience,
    sockets: [client],
  }
  around.open.add(passage)
  return passage
}

const undecided = refusal(502, 'egress.failed', 'nothing was decided yet')

function listen(server: Server, at: Listen): Promise<Listen> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void => {
      const more = { hint: 'choose another port or stop what uses it', cause }
      reject(new HardshellError('egress.listen-failed', `cannot listen on ${formatListen(at)}: ${messageOf(cause)}`, more))
    }
    server.once('error', fail)
    server.listen({ host: at.host, port: at.port, backlog: acceptBacklog }, () => {
      server.off('error', fail)
      resolve({ host: at.host, port: (server.address() as AddressInfo).port })
    })
  })
}
