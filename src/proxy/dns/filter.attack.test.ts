import { createSocket } from 'node:dgram'
import { connect, type Socket } from 'node:net'
import { decode, encode, type DecodedPacket, type Packet } from 'dns-packet'
import { afterEach, describe, expect, it } from 'vitest'
import type { NewEntry } from '../../auditlog/index.ts'
import { createAnswerCache } from './cache.ts'
import type { DnsOptions, DnsPorts } from './dns-filter.ts'
import { createLedger } from './ledger.ts'
import { createRateLimit } from './rate.ts'
import { address, answerTo, fakeResolver, handClock, question, stage, type FakeResolver, type Say, type Stage } from './stage.fixture.ts'
import { createTunnelWatch } from './tunnelling.ts'

const open: { close(): Promise<void> | void }[] = []
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close()
})
const good = (packet: DecodedPacket): Packet => answerTo(packet, [address(packet.questions![0]!.name, '93.184.216.34')])
async function made(say: Say = good, options: Partial<DnsOptions> = {}, ports: Partial<DnsPorts> = {}): Promise<Stage & { resolver: FakeResolver }> {
  const resolver = await fakeResolver(say)
  open.push(resolver)
  const staged = await stage([resolver.at], options, ports)
  open.push(staged)
  return { ...staged, resolver }
}

/** A TCP connection that is kept. */
async function held(at: Stage['at']): Promise<Socket> {
  const socket = connect(at.port, at.host)
  open.push({ close: () => void socket.destroy() })
  socket.on('error', () => undefined)
  await new Promise((resolve) => socket.once('connect', resolve))
  return socket
}
function askOver(socket: Socket, name: string): Promise<DecodedPacket | null> {
  const bytes = question(name)
  return new Promise((resolve) => {
    socket.once('data', (reply) => resolve(decode(reply.subarray(2)))).once('close', () => resolve(null))
    socket.write(Buffer.concat([Buffer.from([0, bytes.length]), bytes]))
  })
}

describe('whoever floods the filter', () => {
  const probe = `${'a'.repeat(32)}.hardshell-probe.invalid`
  const overRun = { queriesPerSecond: 1 }
  const probing = { isProbe: (name: string) => name === probe }

  it('does not make its proof fail, over UDP or TCP: a failed proof would close everything', async () => {
    const { ask, send, at } = await made(good, overRun, probing)
    for (let i = 0; i < 2; i++) await ask('evil.example')
    expect(await send(question('good.example'), 100), 'the rate is used up').toBeNull()
    expect(await ask(probe)).toMatchObject({ rcode: 'REFUSED' })
    expect(await askOver(await held(at), probe)).toMatchObject({ rcode: 'REFUSED' })
  })

  it('gains nothing by a proof it has read the name of: that has an end too', async () => {
    const { ask, send, filter } = await made(good, overRun, probing)
    for (let i = 0; i < 2 + 64; i++) await ask(probe)
    expect(await send(question(probe), 100)).toBeNull()
    expect(filter.counts()).toMatchObject({ asked: 66, dropped: 1 })
  })

  it('is one asker from whichever address of loopback it asks', () => {
    const rate = createRateLimit(1, handClock())
    expect(['127.0.0.1', '127.0.0.2', '127.255.0.9', '::1', '::ffff:127.0.0.3'].map((from) => rate.admits(from))).toEqual([true, true, false, false, false])
    expect(rate.admits('10.0.0.1')).toBe(true)
  })

  it('is not forgotten, and given its rate anew, by asking from a thousand addresses in between', () => {
    const rate = createRateLimit(1, handClock())
    for (let i = 0; i < 3; i++) rate.admits('10.0.0.1')
    for (let i = 0; i < 1000; i++) rate.admits(`10.1.${i >> 8}.${i & 255}`)
    expect(rate.admits('10.0.0.1')).toBe(false)
    for (let i = 0; i < 1000; i++) rate.admits(`10.2.${i >> 8}.${i & 255}`)
    expect(rate.admits('10.0.0.1')).toBe(false)
  })
})

describe('whoever holds every TCP connection', () => {
  it('makes room for the next, the oldest first, though all of them ask now and then', async () => {
    const { at } = await made()
    const all: Socket[] = []
    for (let i = 0; i < 64; i++) all.push(await held(at))
    expect(await askOver(all[0]!, 'good.example')).toMatchObject({ rcode: 'NOERROR' })
    const gone = new Promise((resolve) => all[0]!.once('close', () => resolve('closed')))
    expect(await askOver(await held(at), 'good.example')).toMatchObject({ rcode: 'NOERROR' })
    expect(await gone).toBe('closed')
    expect(await askOver(all[1]!, 'good.example'), 'one had to go').toMatchObject({ rcode: 'NOERROR' })
  })
})

describe('a tunnel', () => {
  it('is not forgotten because somebody asks for names below a thousand other domains', () => {
    const watch = createTunnelWatch(handClock())
    const long = `${'x'.repeat(60)}.wild.example`
    expect(watch.observe({ name: long, type: 'A' }, 'wild.example')).not.toBeNull()
    for (let i = 0; i < 1000; i++) watch.observe({ name: `www.other${i}.example`, type: 'A' }, null)
    expect(watch.isNoticed('api.wild.example', 'wild.example')).toBe(true)
  })
})

describe('the log', () => {
  const ledgerOver = (append: (entry: NewEntry) => Promise<{ seq: number; hash: string }>) => {
    const ledger = createLedger({ audit: { append }, clock: handClock() })
    open.push(ledger)
    return ledger
  }
  const asked = { name: 'good.example', type: 'A', peer: '127.0.0.1' }
  const allowed = { allow: true, rule: 'egress.allowed-host', reason: 'listed' }

  it('has a decision before its effect also for who asks twice at once: when it cannot be written, neither is answered', async () => {
    let fail: (error: Error) => void = () => undefined
    let lines = 0
    const ledger = ledgerOver(({ rule }) => (rule === 'dns.counts' ? Promise.resolve({ seq: 1, hash: '' }) : new Promise((_, reject) => (lines++, (fail = reject)))))
    const both = [ledger.note(asked, allowed, false), ledger.note({ ...asked, type: 'AAAA' }, allowed, false)]
    const outcomes = Promise.allSettled(both)
    fail(new Error('disk full'))
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(lines, 'and it is one line for both').toBe(1)
  })

  it('has alerts about names that resolve, however many there are about names that do not', async () => {
    const entries: NewEntry[] = []
    const ledger = ledgerOver(async (entry) => ({ seq: entries.push(entry), hash: '' }))
    for (let i = 0; i < 50; i++) await ledger.alert({ rule: 'dns.tunnelling', reason: 'noise', detail: { approved: false } })
    await ledger.alert({ rule: 'dns.private-answer', reason: 'it leads inside' })
    expect(entries).toHaveLength(21)
    expect(entries.at(-1)).toMatchObject({ rule: 'dns.private-answer' })
  })
})

describe('an answer whose author is the attacker', () => {
  const types = { recordTypes: ['A', 'AAAA', 'HTTPS', 'MX', 'TXT'] }
  const https = (packet: DecodedPacket, data: Buffer): Packet => answerTo(packet, [{ type: 'UNKNOWN_65', name: 'good.example', class: 'IN', ttl: 60, data } as never])
  const hint6 = (bytes: string): Buffer => Buffer.from(`000100000600 10${bytes}`.replaceAll(' ', ''), 'hex')

  it.each([
    ['a mapped private one', hint6('00000000000000000000ffff0a000001')],
    ['loopback', hint6('00000000000000000000000000000001')],
    ['the metadata service as IPv4', Buffer.from('00010000040004a9fea9fe', 'hex')],
  ])('gives no address in a hint of an HTTPS record: %s', async (_, data) => {
    const { ask, entries } = await made((packet) => https(packet, data), types)
    expect(await ask('good.example', 'UNKNOWN_65')).toMatchObject({ answers: [] })
    expect(entries.at(-1)).toMatchObject({ rule: 'dns.private-answer' })
  })

  it('does not lead to a denied host by an HTTPS record either', async () => {
    const target = Buffer.concat([Buffer.from([0, 1, 6]), Buffer.from('denied'), Buffer.from([7]), Buffer.from('example'), Buffer.from([0])])
    const { ask, entries } = await made((packet) => https(packet, target), types)
    expect(await ask('good.example', 'UNKNOWN_65')).toMatchObject({ answers: [] })
    expect(entries.at(-1)).toMatchObject({ rule: 'dns.denied-alias' })
  })

  it('is withheld when the name of a mail server is none, and not taken apart by the codec', async () => {
    const { ask, entries } = await made((packet) => {
      const plain = encode(answerTo(packet, [{ type: 'MX', name: 'good.example', ttl: 60, class: 'IN', data: { preference: 1, exchange: 'axb.example' } }]))
      plain[plain.indexOf('axb')] = 0x2e // a dot that is no end of a label: the codec would leave the rest of the name out
      return plain
    }, types)
    expect(await ask('good.example', 'MX')).toMatchObject({ answers: [] })
    expect(entries.at(-1)).toMatchObject({ rule: 'dns.unreadable-record' })
  })

  it('says nothing about other names, in no section, to anybody', async () => {
    const poison = [address('good.example', '198.51.100.66'), address('b.wild.example', '198.51.100.66')]
    const { ask, resolver } = await made((packet) => {
      const { name } = packet.questions![0]!
      const own = address(name, '93.184.216.34')
      return name.toLowerCase().startsWith('a.') ? answerTo(packet, [own, ...poison], { additionals: poison, authorities: poison }) : answerTo(packet, [own])
    })
    expect(await ask('a.wild.example')).toMatchObject({ answers: [{ data: '93.184.216.34' }], authorities: [] })
    for (const name of ['good.example', 'b.wild.example']) expect((await ask(name)).answers).toMatchObject([{ data: '93.184.216.34' }])
    expect(resolver.asked).toHaveLength(3)
  })

  it('does not fill the memory: what is kept has a weight', async () => {
    const cache = createAnswerCache({ maxEntries: 100, minTtlMs: 5000, maxTtlMs: 60_000 }, handClock())
    const heavy = (name: string) => ({ rcode: 'NOERROR' as const, records: Array.from({ length: 256 }, () => address(name, '93.184.216.34')), authentic: false, ttlSeconds: 60, withheld: null })
    for (let i = 0; i < 100; i++) cache.keep(`n${i}.wild.example`, 'A', heavy(`n${i}.wild.example`))
    const kept = Array.from({ length: 100 }, (_, i) => cache.find(`n${i}.wild.example`, 'A')).filter((one) => one !== null)
    expect(kept.length).toBeGreaterThan(0)
    expect(kept.flatMap(({ records }) => records).length).toBeLessThanOrEqual(100 * 8)
    cache.keep('text.wild.example', 'TXT', { ...heavy('x'), records: [{ type: 'TXT', name: 'text.wild.example', class: 'IN', ttl: 60, data: [Buffer.alloc(120_000)] }] })
    expect(cache.find('text.wild.example', 'TXT') === null, 'it is more than all that may be kept').toBe(true)
  })
})

it('a domain that leaves every question without an answer takes nobody else his', async () => {
  let silent = 0
  const { ask, send, resolver } = await made((packet) => (packet.questions![0]!.name.toLowerCase().endsWith('.wild.example') ? (silent++, null) : good(packet)), {}, {
    isApproved: (name) => ({ rule: 'egress.allowed-host', reason: 'listed', scope: name === 'good.test' ? 'host' : { below: 'wild.example' } }),
  })
  const waiting = Array.from({ length: 300 }, (_, i) => send(question(`n${i}.wild.example`), 200))
  await expect.poll(() => silent).toBe(64)
  expect(await ask('good.test')).toMatchObject({ rcode: 'NOERROR', answers: [{ data: '93.184.216.34' }] })
  await Promise.all(waiting)
  expect(resolver.asked.length).toBe(65)
})

it('a question that points at itself is malformed, and costs nothing', async () => {
  const { send } = await made()
  const header = Buffer.from([0x12, 0x67, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0])
  for (const name of [[0xc0, 12], [0xc0, 13], [1, 0x61, 0xc0, 12], [0xc0, 0]]) {
    const reply = await send(Buffer.concat([header, Buffer.from(name), Buffer.from([0, 1, 0, 1])]))
    expect(reply![3]! & 15).toBe(1)
  }
})

it('an answer sent to the door is not answered: two filters would talk for ever', async () => {
  const { at, filter } = await made()
  const bytes = question('good.example')
  bytes[2] = bytes[2]! | 0x80
  const socket = createSocket('udp4')
  await new Promise((resolve) => socket.send(bytes, at.port, at.host, resolve))
  await expect.poll(() => filter.counts().dropped).toBe(1)
  await new Promise<void>((resolve) => socket.close(() => resolve()))
})
