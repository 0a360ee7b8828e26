import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { formatListen, HardshellError, messageOf, type Clock, type Listen } from '../../base/index.ts'
import { meet } from '../visit.ts'
import { refuse, type Call, type Surroundings } from './call.ts'
import { close, give } from './closing.ts'
import { answerMalformed } from './malformed.ts'
import { steps } from './steps.ts'
import { readPath } from './well-formed.ts'

/** The server of the front door. Whatever it serves is in `serving` until its closing entry is written. */
export function createDoor(around: Surroundings, serving: Set<Promise<void>>): Server {
  const { options } = around
  const server = createServer({
    insecureHTTPParser: false,
    requireHostHeader: false, // asked for by `wellFormed`, so that the refusal is logged
    maxHeaderSize: 16_384,
    headersTimeout: options.headerTimeoutMs,
    requestTimeout: Math.max(options.requestTimeoutMs, options.headerTimeoutMs),
    connectionsCheckingInterval: Math.min(1000, options.headerTimeoutMs),
    // Anything but a WebSocket (h2c, for one) is served as if it had not asked to change protocols: RFC 9110, 7.8.
    shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === 'websocket',
  })
  server.maxConnections = options.maxConnections
  answerMalformed(server, around.ports)
  const begin = (request: IncomingMessage, client: Call['client'], expectsContinue = false): void => {
    const call = meetCall(request, client, { expectsContinue, clock: around.ports.clock })
    around.open.add(call)
    const work = walk(call, around)
    serving.add(work)
    void work.finally(() => serving.delete(work))
  }
  const beginUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy())
    begin(request, { kind: 'websocket', socket: socket as Socket, head })
  }
  server.on('request', (request, response) => begin(request, { kind: 'http', response }))
  server.on('checkContinue', (request, response) => begin(request, { kind: 'http', response }, true))
  server.on('upgrade', beginUpgrade)
  server.on('connect', beginUpgrade) // refused by its method
  return server
}

function meetCall(
  request: IncomingMessage,
  client: Call['client'],
  { expectsContinue, clock }: { expectsContinue: boolean; clock: Clock },
): Call {
  return {
    visit: meet('ingress', request.socket.remoteAddress ?? 'unknown', clock),
    request,
    client,
    method: request.method ?? '',
    path: readPath(request),
    expectsContinue,
    secure: false,
    session: null,
    decision: { allow: false, rule: 'ingress.undecided', reason: 'nothing was decided yet' },
    status: 0,
    bytesIn: 0,
    bytesOut: 0,
    end: () => request.socket.destroy(),
    cut: false,
  }
}

/** The way of one request: step after step until one answers, and the closing entry whatever happened. */
async function walk(call: Call, around: Surroundings): Promise<void> {
  try {
    for (const step of steps) {
      const turnout = await step(call, around)
      if (turnout === 'next') continue
      if (turnout !== 'served' && !call.cut) give(turnout, call)
      return
    }
  } catch {
    if (!call.cut)
      give(refuse(call.status === 0 ? 500 : 502, 'ingress.failed', 'the request could not be served'), call)
  } finally {
    await close(call, around)
  }
}

/** @throws HardshellError `ingress.listen-failed` */
export function listen(server: Server, at: Listen): Promise<Listen> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void => {
      const more = { hint: 'choose another port or stop what uses it', cause }
      reject(
        new HardshellError('ingress.listen-failed', `cannot listen on ${formatListen(at)}: ${messageOf(cause)}`, more),
      )
    }
    server.once('error', fail)
    server.listen(at.port, at.host, () => {
      server.off('error', fail)
      resolve({ host: at.host, port: (server.address() as AddressInfo).port })
    })
  })
}
