import type { AuditSink } from '../../auditlog/index.ts'
import { formatListen, HardshellError, isLoopback, systemRandom, type Clock, type Listen, type OutboundTls, type Random } from '../../base/index.ts'
import { createAnswerCache } from './cache.ts'
import { noCounts, type DnsCounts } from './counts.ts'
import { createFilter, type FilterPorts } from './filter.ts'
import { createLedger } from './ledger.ts'
import { readQuestion } from './question.ts'
import { createProbeAllowance, createRateLimit } from './rate.ts'
import { writeBareReply, writeReply } from './reply.ts'
import { openTcpDoor } from './tcp-door.ts'
import { createTunnelWatch } from './tunnelling.ts'
import { openUdpDoor, type Serve } from './udp-door.ts'
import { httpsUpstream, type HttpsServer } from './upstream/https.ts'
import { plainUpstream } from './upstream/plain.ts'
import { createPool } from './upstream/pool.ts'
import type { Upstream } from './upstream/asking.ts'

/** Limits and manners of the DNS filter. */
export interface DnsOptions {
  /** Listen where other machines can reach it. */
  beyondLoopback: boolean
  refuseWith: 'refused' | 'nxdomain'
  /** Types of records that are passed: `A`, `AAAA`, `HTTPS`, `SVCB`, `MX`, `TXT`. */
  recordTypes: readonly string[]
  minTtlMs: number
  maxTtlMs: number
  cacheEntries: number
  queriesPerSecond: number
  /** Refuse a wildcard's names for a while once they look like data carried out. */
  blockTunnels: boolean
  /** Services over HTTPS to ask; `null`: the resolvers of `ports.servers`. */
  overHttps: readonly HttpsServer[] | null
}

/** Whom the filter asks, and where it writes. */
export interface DnsPorts extends FilterPorts {
  audit: AuditSink
  clock: Clock
  random?: Random
  /** Resolvers as they are now, in order. Asked again and again: a VPN or DHCP changes them. */
  servers(): readonly Listen[]
  tls: OutboundTls
  /** Is it somebody this filter is not for? Gets no answer, and uses up nothing of anybody's. Left out: nobody is. */
  isStranger?(asker: { port: number; transport: 'udp' | 'tcp' }): boolean
}

/** The running filter. */
export interface DnsFilter {
  /** Opens UDP and TCP on the same port. @throws HardshellError `dns.listen-failed`, `dns.open-resolver` */
  listen(at: Listen): Promise<Listen>
  /**
   * Addresses of a name the caller has judged, for what has to resolve unseen itself. Empty: it has none, or they are withheld.
   * @throws when nobody answers
   */
  lookUp(name: string): Promise<string[]>
  counts(): DnsCounts
  /** Stops listening. Idempotent. */
  close(): Promise<void>
}

export function createDnsFilter(options: DnsOptions, ports: DnsPorts): DnsFilter {
  const { clock } = ports
  const counts = noCounts()
  const ledger = createLedger(ports)
  const ownPorts = new Set<number>()
  let listening: Listen | null = null
  const limits = {
    maxEntries: options.cacheEntries,
    minTtlMs: options.minTtlMs,
    maxTtlMs: options.maxTtlMs,
    recordTypes: new Set(options.recordTypes),
    refuseWith: options.refuseWith === 'nxdomain' ? ('NXDOMAIN' as const) : ('REFUSED' as const),
    blockTunnels: options.blockTunnels,
  }
  const upstreams = upstreamsOf(options, ports, ownPorts, () => listening)
  const filter = createFilter({ ports, clock, ledger, counts, limits, watch: createTunnelWatch(clock), cache: createAnswerCache(limits, clock), ask: createPool(() => upstreams.now(), clock) })
  const serve = createServe({ filter, counts, ownPorts, rate: createRateLimit(options.queriesPerSecond, clock), isProbe: (name) => ports.isProbe(name), isStranger: (asker) => ports.isStranger?.(asker) ?? false, cookieSecret: (ports.random ?? systemRandom).bytes(32), ledger })
  const ends: (() => Promise<void> | void)[] = [() => ledger.close(), () => upstreams.close()]
  return {
    async listen(at) {
      refuseOpenResolver(at, options.beyondLoopback)
      const doors = await openDoors(at, serve)
      ends.unshift(() => doors.close())
      listening = { host: at.host, port: doors.port }
      return listening
    },
    lookUp: (name) => filter.lookUp(name),
    counts: () => ({ ...counts }),
    async close() {
      for (const end of ends.splice(0)) await end()
    },
  }
}

// With port 0 the system chooses for UDP, and may have given the same number away for TCP.
const maxTries = 8

async function openDoors(at: Listen, serve: Serve, triesLeft = at.port === 0 ? maxTries : 1): Promise<{ port: number; close(): Promise<void> }> {
  const { socket, port } = await openUdpDoor(at, serve)
  const closeUdp = (): Promise<void> => new Promise((resolve) => socket.close(() => resolve()))
  try {
    const tcp = await openTcpDoor({ host: at.host, port }, serve, tcpLimits)
    return { port, close: async () => void (await Promise.all([closeUdp(), tcp.close()])) }
  } catch (error) {
    await closeUdp()
    if (triesLeft > 1) return await openDoors(at, serve, triesLeft - 1)
    throw error
  }
}

// Programs ask by TCP only for what was too long for UDP, one question a connection.
const tcpLimits = { maxConnections: 64, idleTimeoutMs: 10_000 }

/** Small questions with forged senders and larger answers are how open resolvers flood third parties. */
function refuseOpenResolver(at: Listen, beyondLoopback: boolean): void {
  if (beyondLoopback || isLoopback(at.host)) return
  throw new HardshellError('dns.open-resolver', `dns.listen is ${formatListen(at)}: the DNS filter answers on loopback only`, {
    hint: 'keep 127.0.0.1; for a network of containers that nobody else reaches, set dns.dangerously_listen_beyond_loopback',
  })
}

function createServe({ filter, counts, ownPorts, rate, isProbe, isStranger, cookieSecret, ledger }: {
  filter: ReturnType<typeof createFilter>
  counts: DnsCounts
  ownPorts: ReadonlySet<number>
  rate: ReturnType<typeof createRateLimit>
  isProbe(name: string): boolean
  isStranger(asker: { port: number; transport: 'udp' | 'tcp' }): boolean
  cookieSecret: Buffer
  ledger: ReturnType<typeof createLedger>
}): Serve {
  const allowance = createProbeAllowance()
  const isProof = (question: object): boolean => 'name' in question && typeof question.name === 'string' && isProbe(question.name) && allowance.admits(question.name)
  let [looped, strange] = [false, false]
  return async (bytes, { address, port, transport }) => {
    if (isStranger({ port, transport })) {
      if (!strange) void ledger.alert({ rule: 'dns.stranger', reason: 'a program of another user of this machine asked the DNS filter of this cell; it gets no answer' }).catch(() => undefined)
      strange = true
      return drop(counts)
    }
    const within = rate.admits(address)
    const question = readQuestion(bytes)
    if (question === null || (!within && !isProof(question))) return drop(counts)
    if ('rcode' in question) {
      counts.malformed++
      return writeBareReply(question)
    }
    const to = { transport, cookieSecret, peer: address }
    if (ownPorts.has(port) && isLoopback(address)) {
      if (!looped) void ledger.alert({ rule: 'dns.loop', reason: 'the resolver the DNS filter asks is the filter itself; name others in dns.servers' }).catch(() => undefined)
      looped = true
      return writeReply(question, { rcode: 'REFUSED', records: [], authentic: false, why: { code: 15, text: 'dns.loop' } }, to)
    }
    return writeReply(question, await filter.answer(question, address), to)
  }
}

function drop(counts: DnsCounts): null {
  counts.dropped++
  return null
}

/** Upstreams for the resolvers as they are now; one that is gone from the list is forgotten. */
function upstreamsOf(options: DnsOptions, { servers, tls }: DnsPorts, ownPorts: Set<number>, self: () => Listen | null): { now(): readonly Upstream[]; close(): Promise<void> } {
  const overHttps = options.overHttps?.map((server) => httpsUpstream(server, tls)) ?? null
  return {
    now: () => overHttps ?? servers().filter((server) => !isSelf(server, self())).map((server) => plainUpstream(server, ownPorts)),
    close: async () => void (await Promise.all((overHttps ?? []).map((upstream) => upstream.close()))),
  }
}

function isSelf(server: Listen, self: Listen | null): boolean {
  return self !== null && server.port === self.port && server.host === self.host
}
