import { lookup } from 'node:dns/promises'
import { createServer, type Server } from 'node:http'
import { connect as netConnect, isIP, type AddressInfo, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import type { AuditSink } from '../../auditlog/entry.ts'
import { formatListen, HardshellError, messageOf, type Clock, type Listen } from '../../base/index.ts'
import type { Act, Decision } from '../../policy/act.ts'
import { meet } from '../visit.ts'
import { parsePrivateAllowance } from './addresses.ts'
import { judgeHost, parseHostPolicy } from './host-policy.ts'
import { cutPassage, refusal, type Passage, type Surroundings } from './passage.ts'
import { servePlain } from './plain.ts'
import { serveTunnel } from './tunnel.ts'

/** Lists and limits of the egress proxy. */
export interface EgressOptions {
  /** `host`, `*.example.com` (names below it only), each with an optional `:port`; without one 443 and 80 are meant. */
  allowedHosts: readonly string[]
  /** Same forms; wins over `allowedHosts`. `*` means "everything else" and is always in force. */
  deniedHosts: readonly string[]
  /** CIDRs, addresses and names that may be private. Empty: none. */
  allowPrivate: readonly string[]
  connectTimeoutMs: number
  idleTimeoutMs: number
  maxConnections: number
  /** Both directions together; absent means no limit. */
  maxBytesPerConnection?: number
}

export interface EgressPorts {
  audit: AuditSink
  clock: Clock
  /** Kill switch and proof gate: asked before the lists are. */
  decide(act: Extract<Act, { kind: 'connect' }>): Decision
  /** All addresses of a name. Default: the system's resolver. */
  resolve?(host: string): Promise<string[]>
  /** Opens a connection to a judged address. Default: TCP. */
  connect?(address: string, port: number): Socket
}

/** What is open right now. */
export interface EgressConnection {
  visit: string
  peer: string
  host: string
  port: number
  bytesIn: number
  bytesOut: number
}

export interface EgressProxy {
  /** @throws HardshellError `egress.listen-failed` */
  listen(at: Listen): Promise<Listen>
  active(): EgressConnection[]
  /** Destroys every open connection that matches; each leaves its closing entry. @returns how many */
  cut(match: (connection: EgressConnection) => boolean, reason: string): number
  /**
   * Puts new lists in force and cuts what they no longer allow. All or nothing.
   * @throws HardshellError `egress.bad-host-rule`
   */
  setPolicy(allowedHosts: readonly string[], deniedHosts: readonly string[]): void
  /** Cuts everything and stops listening. Idempotent. */
  close(): Promise<void>
}

/** @throws HardshellError `egress.bad-host-rule` */
export function createEgressProxy(options: EgressOptions, ports: EgressPorts): EgressProxy {
  const around: Surroundings = {
    policy: parseHostPolicy(options.allowedHosts, options.deniedHosts),
    allowance: parsePrivateAllowance(options.allowPrivate),
    limits: { ...options, maxBytesPerConnection: options.maxBytesPerConnection ?? Infinity },
    open: new Set(),
    ports: {
      audit: ports.audit,
      clock: ports.clock,
      decide: (act) => ports.decide(act),
      resolve: ports.resolve ?? resolveAll,
      connect: ports.connect ?? ((host, port) => netConnect({ host, port, allowHalfOpen: true, noDelay: true })),
    },
  }
  const serving = new Set<Promise<void>>()
  const server = createDoor(options, around, serving)
  const cut: EgressProxy['cut'] = (match, reason) => {
    const matching = [...around.open].filter((passage) => match(describe(passage)))
    for (const passage of matching) cutPassage(passage, reason)
    return matching.length
  }
  return {
    listen: (at) => listen(server, at),
    active: () => [...around.open].map(describe),
    cut,
    setPolicy(allowedHosts, deniedHosts) {
      const policy = parseHostPolicy(allowedHosts, deniedHosts)
      around.policy = policy
      const gone = ({ host, port }: EgressConnection): boolean =>
        host !== '' && !judgeHost({ host, port, literal: isIP(host) !== 0 }, policy).allow
      cut(gone, 'the host lists changed and no longer allow it')
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      cut(() => true, 'the egress proxy is stopping')
      server.closeAllConnections()
      await closed
      await Promise.race([Promise.all(serving), setTimeout(closingMs)])
    },
  }
}

// Closing entries are worth a moment; a hanging resolver or log is not.
const closingMs = 1500

function createDoor(options: EgressOptions, around: Surroundings, serving: Set<Promise<void>>): Server {
  const track = (work: Promise<void>): void => {
    serving.add(work)
    void work.finally(() => serving.delete(work))
  }
  const server = createServer({
    insecureHTTPParser: false,
    maxHeaderSize: 16_384,
    // Slowloris: a client has as long to say what it wants as we give a destination to answer.
    headersTimeout: options.connectTimeoutMs,
    requestTimeout: Math.max(options.idleTimeoutMs, options.connectTimeoutMs),
    keepAliveTimeout: options.idleTimeoutMs,
    connectionsCheckingInterval: Math.min(1000, options.connectTimeoutMs),
  })
  server.maxConnections = options.maxConnections
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

function describe({ visit, host, port, bytesIn, bytesOut }: Passage): EgressConnection {
  return { visit: visit.id, peer: visit.peer, host, port, bytesIn, bytesOut }
}

async function resolveAll(host: string): Promise<string[]> {
  return (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address)
}

function listen(server: Server, at: Listen): Promise<Listen> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void => {
      const more = { hint: 'choose another port or stop what uses it', cause }
      reject(new HardshellError('egress.listen-failed', `cannot listen on ${formatListen(at)}: ${messageOf(cause)}`, more))
    }
    server.once('error', fail)
    server.listen(at.port, at.host, () => {
      server.off('error', fail)
      resolve({ host: at.host, port: (server.address() as AddressInfo).port })
    })
  })
}
