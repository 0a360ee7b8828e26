import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { Pool } from 'undici'
import { WebSocketServer } from 'ws'
import type { AuditSink } from '../../auditlog/entry.ts'
import { formatListen, HardshellError, messageOf, type Clock, type Listen, type Secret } from '../../base/index.ts'
import type { Decision } from '../../policy/act.ts'
import { meet, type Who } from '../visit.ts'
import { createBrake } from './brake.ts'
import { refuse, type Call, type Surroundings } from './call.ts'
import { close, give } from './closing.ts'
import type { DeviceIdentity } from './device.ts'
import { checkOrigins } from './origin.ts'
import { checkPeers } from './peer.ts'
import { answerMalformed } from './malformed.ts'
import type { Permission } from './permissions.ts'
import { maxFrameBytes } from './relay-frames.ts'
import { createSessions } from './sessions.ts'
import { steps } from './steps.ts'
import { readPath } from './well-formed.ts'

export interface IngressOptions {
  gateway: { host: string; port: number }
  /** Origins people reach this door under, when something in front of it has a name or TLS: `https://claw.example.com`. */
  publicOrigins?: readonly string[]
  /** CIDRs that may come at all. Absent: everybody who can reach the port. */
  allowedPeers?: readonly string[]
  maxBodyBytes: number
  /** How long a client has for its headers, and for its whole request. */
  headerTimeoutMs: number
  requestTimeoutMs: number
  /** How long the gateway may be silent. A turn of an agent takes minutes. */
  idleTimeoutMs: number
  maxConnections: number
}

/** What a further voice is asked about a request: the permission was already found to be there. */
export interface IngressRequest {
  who: Who
  kind: 'http' | 'websocket'
  method: string
  path: string
  needed: Permission
}

export interface IngressPorts {
  audit: AuditSink
  clock: Clock
  /** Compares in constant time. @returns `null` when nobody has this token; `null` presented means none was readable */
  authenticate(presented: string | null): Who | null
  /** The gateway's own token, known to it and to us. */
  gatewayToken(): Secret
  /** The identity to sign WebSocket connects with; always the same one. */
  device(): DeviceIdentity
  /** Kill switch, maintenance, proof gate. Absent: permissions alone decide. */
  decide?(request: IngressRequest): Decision
}

/** What is open right now. */
export interface IngressConnection {
  visit: string
  peer: string
  /** Name of the credential; `null` before the login. */
  who: string | null
  kind: 'http' | 'websocket'
  /** Method and path. */
  target: string
}

export interface Ingress {
  /** @throws HardshellError `ingress.listen-failed` */
  listen(at: Listen): Promise<Listen>
  active(): IngressConnection[]
  /** Ends every open request and WebSocket that matches; each leaves its closing entry. @returns how many */
  cut(match: (connection: IngressConnection) => boolean, reason: string): number
  /** Ends browser sessions, with what is open under them: a token was revoked, a person left. @returns how many */
  endSessions(match: (who: Who) => boolean, reason: string): number
  /** Ends everything and stops listening. Idempotent. */
  close(): Promise<void>
}

/** @throws HardshellError `ingress.bad-origin`, `ingress.bad-cidr` */
export function createIngress(options: IngressOptions, ports: IngressPorts): Ingress {
  checkOrigins(options.publicOrigins ?? [])
  checkPeers(options.allowedPeers ?? [])
  const around: Surroundings = {
    options,
    ports,
    sessions: createSessions(ports.clock),
    brake: createBrake(ports.clock),
    gateway: new Pool(`http://${formatListen(options.gateway)}`, { connectTimeout: Math.min(10_000, options.idleTimeoutMs) }),
    webSockets: new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: maxFrameBytes, clientTracking: false }),
    open: new Set(),
    unidentified: 0,
  }
  const serving = new Set<Promise<void>>()
  const server = createDoor(around, serving)
  const cut: Ingress['cut'] = (match, reason) => {
    const matching = [...around.open].filter((call) => match(describe(call)))
    for (const call of matching) endCall(call, reason)
    return matching.length
  }
  return {
    listen: (at) => listen(server, at),
    active: () => [...around.open].map(describe),
    cut,
    endSessions(match, reason) {
      const ended = around.sessions.end((who) => match(who))
      for (const call of around.open) if (call.session !== null && ended.includes(call.session)) endCall(call, reason)
      return ended.length
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      cut(() => true, 'the front door is closing')
      server.closeAllConnections()
      await Promise.race([Promise.all([closed, ...serving]), wait(closingMs)])
      await around.gateway.destroy()
    },
  }
}

// Closing entries and farewells are worth a moment; a client that does not answer is not.
const closingMs = 1500

function endCall(call: Call, reason: string): void {
  if (call.cut) return
  call.cut = true
  call.decision = { allow: false, rule: 'ingress.cut', reason }
  call.end(reason)
}

function createDoor(around: Surroundings, serving: Set<Promise<void>>): Server {
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
  const track = (call: Call): void => {
    const work = walk(call, around)
    serving.add(work)
    void work.finally(() => serving.delete(work))
  }
  const begin = (request: IncomingMessage, client: Call['client'], expectsContinue = false): void => {
    const call: Call = {
      visit: meet('ingress', request.socket.remoteAddress ?? 'unknown', around.ports.clock),
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
    around.open.add(call)
    track(call)
  }
  server.on('request', (request, response) => begin(request, { kind: 'http', response }))
  server.on('checkContinue', (request, response) => begin(request, { kind: 'http', response }, true))
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    begin(request, { kind: 'websocket', socket: socket as Socket, head })
  })
  server.on('connect', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    begin(request, { kind: 'websocket', socket: socket as Socket, head }) // refused by its method
  })
  return server
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
    if (!call.cut) give(refuse(call.status === 0 ? 500 : 502, 'ingress.failed', 'the request could not be served'), call)
  } finally {
    await close(call, around)
  }
}

function describe({ visit, client, method, path }: Call): IngressConnection {
  return { visit: visit.id, peer: visit.peer, who: visit.who?.name ?? null, kind: client.kind, target: `${method} ${path}` }
}

function listen(server: Server, at: Listen): Promise<Listen> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void => {
      const more = { hint: 'choose another port or stop what uses it', cause }
      reject(new HardshellError('ingress.listen-failed', `cannot listen on ${formatListen(at)}: ${messageOf(cause)}`, more))
    }
    server.once('error', fail)
    server.listen(at.port, at.host, () => {
      server.off('error', fail)
      resolve({ host: at.host, port: (server.address() as AddressInfo).port })
    })
  })
}
