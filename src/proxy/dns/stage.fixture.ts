import { createSocket } from 'node:dgram'
import { createServer, type AddressInfo } from 'node:net'
import { decode, encode, type Answer, type DecodedPacket, type Packet } from 'dns-packet'
import type { NewEntry } from '../../auditlog/index.ts'
import { createOutboundTls, isPublicAddress, systemClock, type Clock, type Listen } from '../../base/index.ts'
import { createDnsFilter, type DnsFilter, type DnsOptions, type DnsPorts } from './dns-filter.ts'

/** A resolver that answers as it is told, over UDP and TCP, and remembers what it was asked. */
export interface FakeResolver {
  at: Listen
  /** Packets as they came, `udp` or `tcp` before them. */
  asked: { transport: 'udp' | 'tcp'; packet: DecodedPacket }[]
  close(): Promise<void>
}

/** What it says to a question; `null`: nothing; a Buffer as it is; several: one packet after the other. */
export type Say = (packet: DecodedPacket, transport: 'udp' | 'tcp') => Packet | Buffer | (Packet | Buffer)[] | null

export async function fakeResolver(say: Say, triesLeft = 8): Promise<FakeResolver> {
  const asked: FakeResolver['asked'] = []
  const repliesTo = (bytes: Buffer, transport: 'udp' | 'tcp'): Buffer[] => {
    const packet = decode(bytes)
    asked.push({ transport, packet })
    const said = say(packet, transport)
    return (Array.isArray(said) ? said : said === null ? [] : [said]).map((reply) => (Buffer.isBuffer(reply) ? reply : encode(reply)))
  }
  const udp = createSocket('udp4')
  udp.on('message', (bytes, { port, address }) => {
    for (const reply of repliesTo(bytes, 'udp')) udp.send(reply, port, address)
  })
  const tcp = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      for (const reply of repliesTo(chunk.subarray(2), 'tcp')) socket.write(Buffer.concat([Buffer.from([reply.length >> 8, reply.length & 255]), reply]))
    })
  })
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve))
  const { port } = tcp.address() as AddressInfo
  const taken = await new Promise<boolean>((resolve) => udp.once('error', () => resolve(true)).bind(port, '127.0.0.1', () => resolve(false)))
  if (taken && triesLeft > 0) {
    // The number was free for TCP and is somebody's for UDP.
    await new Promise<void>((resolve) => tcp.close(() => resolve()))
    return await fakeResolver(say, triesLeft - 1)
  }
  return {
    at: { host: '127.0.0.1', port },
    asked,
    close: async () => {
      await new Promise<void>((resolve) => udp.close(() => resolve()))
      await new Promise<void>((resolve) => tcp.close(() => resolve()))
    },
  }
}

/** A plain answer to a packet, with these records. */
export function answerTo(packet: DecodedPacket, answers: readonly Answer[], more: Partial<Packet> = {}): Packet {
  return { type: 'response', id: packet.id, flags: 1 << 7, questions: packet.questions, answers: [...answers], ...more }
}

/** An address record of a name. */
export function address(name: string, data: string, ttl = 60): Answer {
  return { type: data.includes(':') ? 'AAAA' : 'A', name, ttl, class: 'IN', data }
}

export interface Stage {
  filter: DnsFilter
  at: Listen
  entries: NewEntry[]
  ask(name: string, type?: string, more?: Partial<Packet>): Promise<DecodedPacket & { rcode: string }>
  send(bytes: Buffer, timeoutMs?: number): Promise<Buffer | null>
  close(): Promise<void>
}

/** A listening filter that approves `good.example` and what is below `wild.example`. */
export async function stage(servers: readonly Listen[], options: Partial<DnsOptions> = {}, ports: Partial<DnsPorts> = {}): Promise<Stage> {
  const entries: NewEntry[] = []
  const filter = createDnsFilter(
    {
      beyondLoopback: false, refuseWith: 'refused', recordTypes: ['A', 'AAAA'], minTtlMs: 5000, maxTtlMs: 3_600_000, cacheEntries: 100,
      queriesPerSecond: 100_000, blockTunnels: false, overHttps: null, ...options,
    },
    {
      audit: { append: async (entry) => ({ seq: entries.push(entry), hash: '' }) },
      clock: systemClock,
      tls: createOutboundTls({ minVersion: '1.2', preferredVersion: '1.3' }),
      servers: () => servers,
      isApproved: (name) =>
        name === 'good.example' ? { rule: 'egress.allowed-host', reason: 'listed', scope: 'host' }
        : name.endsWith('.wild.example') ? { rule: 'egress.allowed-host', reason: 'listed', scope: { below: 'wild.example' } }
        : null,
      closedBy: () => null,
      isProbe: () => false,
      deniedBy: (name) => (name === 'denied.example' ? 'denied.example' : null),
      mayLeadTo: (_, at) => isPublicAddress(at),
      ...ports,
    },
  )
  const at = await filter.listen({ host: '127.0.0.1', port: 0 })
  const send: Stage['send'] = (bytes, timeoutMs = 5000) => sendUdp(at, bytes, timeoutMs)
  return {
    filter, at, entries, send,
    ask: async (name, type = 'A', more = {}) => {
      const reply = await send(question(name, type, more))
      if (reply === null) throw new Error('no answer')
      return decode(reply) as DecodedPacket & { rcode: string }
    },
    close: () => filter.close(),
  }
}

export function question(name: string, type = 'A', more: Partial<Packet> = {}): Buffer {
  return encode({ type: 'query', id: 4711, flags: 1 << 8, questions: [{ name, type: type as 'A', class: 'IN' }], ...more })
}

/** @returns the first packet that comes back, or `null` when none does */
export function sendUdp(to: Listen, bytes: Buffer, timeoutMs: number): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    const end = (reply: Buffer | null): void => {
      clearTimeout(timer)
      socket.close()
      resolve(reply)
    }
    const timer = setTimeout(() => end(null), timeoutMs)
    socket.once('message', end)
    socket.send(bytes, to.port, to.host)
  })
}

/** A clock that moves when it is told. */
export function handClock(): Clock & { advance(ms: number): void } {
  let ms = 1_000_000
  return { now: () => ms, monotonicMs: () => ms, advance: (by) => void (ms += by) }
}
