import { setTimeout as wait } from 'node:timers/promises'
import { Pool } from 'undici'
import { WebSocketServer } from 'ws'
import type { AuditSink } from '../../auditlog/index.ts'
import { formatListen, type Clock, type Listen, type Secret } from '../../base/index.ts'
import type { Decision } from '../../policy/index.ts'
import type { Who } from '../visit.ts'
import { createBrake } from './brake.ts'
import type { Call, Surroundings } from './call.ts'
import type { DeviceIdentity } from './device.ts'
import { createDoor, listen } from './door.ts'
import { checkOrigins } from './origin.ts'
import { checkPeers } from './peer.ts'
import type { Permission } from './permissions.ts'
import { maxFrameBytes } from './relay-frames.ts'
import { createSessions } from './sessions.ts'

/** Where the gateway is, and the limits of the front door. */
export interface IngressOptions {
  gateway: { host: string; port: number }
  /** Origins people reach this door under, when something in front has a name or TLS: `https://claw.example.com`. */
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

/** Whom the front door asks, and where it writes. */
export interface IngressPorts {
  audit: AuditSink
  clock: Clock
  /** Compares in constant time. @returns `null` when nobody has this token; `null` presented means none was readable */
  authenticate(presented: string | null): Who | null
  /** The gateway's own token, known to it and to us; waited for while the gateway takes another one. */
  gatewayToken(): Promise<Secret>
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

/** The open door. */
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
  const around = surroundingsOf(options, ports)
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

function surroundingsOf(options: IngressOptions, ports: IngressPorts): Surroundings {
  return {
    options,
    ports,
    sessions: createSessions(ports.clock),
    brake: createBrake(ports.clock),
    gateway: new Pool(`http://${formatListen(options.gateway)}`, {
      connectTimeout: Math.min(10_000, options.idleTimeoutMs),
    }),
    webSockets: new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: maxFrameBytes,
      clientTracking: false,
    }),
    open: new Set(),
    unidentified: 0,
  }
}

function describe({ visit, client, method, path }: Call): IngressConnection {
  return {
    visit: visit.id,
    peer: visit.peer,
    who: visit.who?.name ?? null,
    kind: client.kind,
    target: `${method} ${path}`,
  }
}
