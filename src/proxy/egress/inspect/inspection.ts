import { createServer, type TLSSocket } from 'node:tls'
import { constants } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { Socket } from 'node:net'
import { createHttp1Pool, createHttp1Server } from '../../http1/index.ts'
import type { EgressInspection, InspectedTunnel } from '../inspection.ts'
import { refusal } from '../passage.ts'
import { openAuthority } from './authority.ts'
import { createLeaves } from './leaves.ts'
import type { InspectionOptions, InspectionPorts } from './ports.ts'
import { serveRequest } from './request.ts'
import { readRules, ruleFor, type InspectRule, type Room } from './room.ts'
import { traceSentinel, type Sentinel } from './sentinel.ts'

/** The inspection of one installation. */
export interface Inspection extends EgressInspection {
  /** PEM: who has to trust it is OpenClaw and what it starts. */
  readonly certificate: string
  /** What agents hold instead of secrets. */
  readonly sentinels: readonly Sentinel[]
  /** Is a sentinel, or a part of one, in this text? For whoever else sees what agents say. */
  holdsSentinel(text: string): boolean
}

/**
 * Opens the authority in its folder and prepares to look inside the listed hosts' connections.
 * @throws HardshellError `egress.bad-authority`, `egress.bad-host-rule`
 */
export async function openInspection(options: InspectionOptions, ports: InspectionPorts): Promise<Inspection> {
  const rules = readRules(options.hosts, options.sentinelKey)
  const authority = await openAuthority(options.folder, rules.map(({ host }) => host.host), ports)
  const sentinels = rules.flatMap(({ credentials }) => credentials)
  const room: Room = { options: { ...usual, ...options }, ports, rules, sentinels, leaves: createLeaves(authority, ports), heldBytes: 0 }
  return {
    certificate: authority.certificate,
    sentinels,
    holdsSentinel: (text) => traceSentinel(ports.content.layers(text), sentinels).kind !== 'none',
    wants: (target) => ruleFor(rules, target) !== null,
    async carry(tunnel) {
      const rule = ruleFor(rules, tunnel.target)
      if (rule === null) throw new Error('a tunnel nobody wanted to inspect')
      await carry(tunnel, rule, room)
    },
  }
}

const usual = { handshakeTimeoutMs: 10_000, answerTimeoutMs: 120_000, idleTimeoutMs: 300_000, maxHeldBytes: 32 * 1024 * 1024 }

/** Answers the client's TLS, then its requests, until either end is through. */
async function carry(tunnel: InspectedTunnel, rule: InspectRule, room: Room): Promise<void> {
  const { client, upstream } = tunnel
  try {
    const inside = await handshake(tunnel, room)
    if (inside === null) {
      return tunnel.settle(refusal(403, 'egress.client-tls', `the client ended the TLS handshake with ${tunnel.target.host}: it may not trust our authority (hardshell egress ca)`))
    }
    await serve(inside, tunnel, rule, room)
  } finally {
    client.destroy()
    upstream.destroy()
  }
}

/** @returns `null` when the client does not finish: it does not trust us, speaks something else, or is too slow */
function handshake({ client, opening, target }: InspectedTunnel, { leaves, options }: Room): Promise<TLSSocket | null> {
  const context = leaves.contextFor(target.host)
  const server = createServer({
    // The leaf's context; the server's own is empty, so that a client without the name gets nothing.
    SNICallback: (_, done) => done(null, context),
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: options.handshakeTimeoutMs,
    minVersion: 'TLSv1.2',
    // A second handshake inside the first is how requests were once put in front of other people's (CVE-2009-3555).
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_TICKET,
  })
  return new Promise((resolve) => {
    server.once('secureConnection', resolve)
    server.once('tlsClientError', () => resolve(null))
    client.once('close', () => resolve(null))
    // A client that hangs up in the middle would keep its half open until the time is over.
    client.allowHalfOpen = false
    client.unshift(opening)
    server.emit('connection', client)
  })
}

// An answer under way when the origin has hung up is still delivered; then the client has to come again.
const graceMs = 10_000
// The last entry of a tunnel is worth a moment; a log that hangs is not.
const closingMs = 1_500

async function serve(inside: TLSSocket, tunnel: InspectedTunnel, rule: InspectRule, room: Room): Promise<void> {
  const { options, ports: { clock, tls } } = room
  const { host, port } = tunnel.target
  const working = new Set<Promise<void>>()
  const pool = createHttp1Pool({ origin: `https://${host}:${port}`, dial: once(tunnel.upstream), tls: { outbound: tls }, maxConnections: 1, keepAliveMs: options.idleTimeoutMs }, { clock })
  const server = createHttp1Server(
    { keepAliveMs: options.idleTimeoutMs },
    (exchange) => {
      const work = serveRequest(exchange, { tunnel, rule, room, pool, onLast: () => void server.close(graceMs) })
      working.add(work)
      void work.finally(() => working.delete(work))
    },
    { clock },
  )
  const gone = new Promise<void>((resolve) => inside.once('close', resolve))
  tunnel.upstream.once('close', () => void server.close(graceMs))
  inside.on('error', () => inside.destroy())
  server.serve(inside)
  await gone
  pool.close()
  await server.close()
  await Promise.race([Promise.all(working), setTimeout(closingMs)])
}

/** The one connection that was judged; a second would have to be judged again. */
function once(upstream: Socket): () => Socket {
  let taken = false
  return () => {
    if (taken) return new Socket().destroy(new Error('the origin has closed the connection of this tunnel'))
    taken = true
    return upstream
  }
}
