import { lookup } from 'node:dns/promises'
import { connect as netConnect, isIP, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import type { AuditSink } from '../../auditlog/index.ts'
import type { Clock, Listen } from '../../base/index.ts'
import type { Act, Decision } from '../../policy/index.ts'
import { parsePrivateAllowance } from './addresses.ts'
import { createDoor, listen } from './door.ts'
import { judgeHost, parseHostPolicy } from './host-policy.ts'
import { cutPassage, type Passage, type Surroundings } from './passage.ts'

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

/** Whom the proxy asks, and where it writes. */
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

/** The running proxy. */
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
  const around = surroundingsOf(options, ports)
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

function surroundingsOf(options: EgressOptions, ports: EgressPorts): Surroundings {
  return {
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
}

function describe({ visit, host, port, bytesIn, bytesOut }: Passage): EgressConnection {
  return { visit: visit.id, peer: visit.peer, host, port, bytesIn, bytesOut }
}

async function resolveAll(host: string): Promise<string[]> {
  return (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address)
}
