import { connect } from 'node:net'
import { decode, encode, type DecodedPacket } from 'dns-packet'
import { afterEach, describe, expect, it } from 'vitest'
import type { DnsOptions, DnsPorts } from './dns-filter.ts'
import { address, answerTo, fakeResolver, handClock, question, stage, type FakeResolver, type Say, type Stage } from './stage.fixture.ts'

const open: (Stage | FakeResolver)[] = []
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close()
})

const good = (packet: DecodedPacket) => answerTo(packet, [address(packet.questions![0]!.name, packet.questions![0]!.type === 'AAAA' ? '2606:2800::1' : '93.184.216.34')])
async function made(say: Say, options: Partial<DnsOptions> = {}, ports: Partial<DnsPorts> = {}): Promise<Stage & { resolver: FakeResolver }> {
  const resolver = await fakeResolver(say)
  open.push(resolver)
  const staged = await stage([resolver.at], options, ports)
  open.push(staged)
  return { ...staged, resolver }
}
const addresses = (packet: DecodedPacket): unknown[] => (packet.answers ?? []).map((record) => (record as { data: unknown }).data)
const whyOf = (packet: DecodedPacket): string | undefined => {
  const opt = packet.additionals?.find((record) => record.type === 'OPT') as { options: { code: number; data: Buffer }[] } | undefined
  return opt?.options.find(({ code }) => code === 15)?.data.toString('utf8', 2)
}
const opt = { type: 'OPT', name: '.', udpPayloadSize: 4096, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] }
const edns = { additionals: [opt as never] }

describe('a name nobody approved', () => {
  it('is refused, logged once, counted, and never asked of anybody', async () => {
    const { ask, entries, resolver, filter } = await made(good)
    for (let i = 0; i < 3; i++) expect(await ask('evil.example', 'A', edns)).toMatchObject({ rcode: 'REFUSED', answers: [] })
    expect(whyOf(await ask('evil.example', 'A', edns))).toBe('dns.not-approved')
    expect(entries).toMatchObject([{ event_type: 'dns_query', target: 'evil.example', decision: 'deny', rule: 'dns.not-approved', peer: '127.0.0.1' }])
    expect(filter.counts()).toMatchObject({ asked: 4, refused: 4, approved: 0 })
    expect(resolver.asked).toEqual([])
  })

  it('does not exist where the operator wants it so', async () => {
    const { ask } = await made(good, { refuseWith: 'nxdomain' })
    expect(await ask('evil.example')).toMatchObject({ rcode: 'NXDOMAIN' })
  })

  it('cannot fill the log, and what is not written is counted in it at the end', async () => {
    const { ask, entries, close } = await made(good)
    for (let i = 0; i < 260; i++) await ask(`n${i}.d${i}.example`)
    expect(entries).toHaveLength(200)
    await ask('good.example')
    expect(entries.at(-1), 'what is allowed is written all the same').toMatchObject({ target: 'good.example', decision: 'allow' })
    await close()
    expect(entries.at(-1)).toMatchObject({ rule: 'dns.counts', detail: { not_logged_refused: 60, not_logged_allowed: 0 } })
  })
})

describe('an approved name', () => {
  it('is asked for with nothing of the client but name and type, after it was logged', async () => {
    const subnet = { additionals: [{ ...opt, options: [{ code: 8, data: Buffer.from([0, 1, 24, 0, 1, 2, 3]) }, { code: 65_001, data: Buffer.from('smuggled') }] } as never] }
    const { ask, resolver, entries } = await made((packet) => {
      expect(entries).toMatchObject([{ decision: 'allow', rule: 'egress.allowed-host' }])
      return good(packet)
    })
    const reply = await ask('good.example', 'A', subnet)
    expect(addresses(reply)).toEqual(['93.184.216.34'])
    const sent = resolver.asked[0]!.packet.additionals![0] as { options: { code: number; data: Buffer }[] }
    expect(sent.options.map(({ code }) => code)).toEqual([10])
    expect(JSON.stringify(reply)).not.toContain('CLIENT_SUBNET')
  })

  it('is repeated in the spelling it was asked in, and asked for in another', async () => {
    const { ask, resolver } = await made(good)
    const reply = await ask('GOOD.example')
    expect(reply.questions![0]!.name).toBe('GOOD.example')
    expect(reply.answers![0]!.name).toBe('GOOD.example')
    expect(resolver.asked[0]!.packet.questions![0]!.name.toLowerCase()).toBe('good.example')
  })

  it('is not resolved when the decision cannot be logged', async () => {
    const { ask, resolver } = await made(good, {}, { audit: { append: async () => Promise.reject(new Error('disk full')) } })
    const reply = await ask('good.example', 'A', edns)
    expect(reply).toMatchObject({ rcode: 'SERVFAIL', answers: [] })
    expect(whyOf(reply)).toBe('dns.log-unavailable')
    expect(resolver.asked).toEqual([])
  })

  it('is refused while everything is closed', async () => {
    const { ask, entries } = await made(good, {}, { closedBy: () => ({ rule: 'kill-switch.paused', reason: 'paused by alice' }) })
    expect(await ask('good.example')).toMatchObject({ rcode: 'REFUSED' })
    expect(entries).toMatchObject([{ decision: 'deny', rule: 'kill-switch.paused' }])
  })

  it('has no records of types that are not passed, and some types are refused outright', async () => {
    const { ask, resolver } = await made(good)
    for (const type of ['TXT', 'MX', 'UNKNOWN_65', 'UNKNOWN_64']) expect(await ask('good.example', type), type).toMatchObject({ rcode: 'NOERROR', answers: [] })
    for (const type of ['ANY', 'AXFR', 'IXFR', 'NULL', 'NAPTR', 'PTR', 'NS', 'SOA', 'UNKNOWN_9999']) expect(await ask('good.example', type), type).toMatchObject({ rcode: 'REFUSED' })
    expect(resolver.asked).toEqual([])
  })

  it('leads nowhere when the answer is private: an alert says where it led', async () => {
    const { ask, entries } = await made((packet) => answerTo(packet, [address('good.example', '93.184.216.34'), address('good.example', '169.254.169.254')]))
    const reply = await ask('good.example', 'A', edns)
    expect(reply).toMatchObject({ rcode: 'NOERROR', answers: [] })
    expect(whyOf(reply)).toBe('dns.private-answer')
    expect(entries.find(({ event_type }) => event_type === 'alert')).toMatchObject({ rule: 'dns.private-answer', reason: expect.stringContaining('169.254.169.254') })
  })

  it('is kept for its time, within limits, and asked for anew after it', async () => {
    const clock = handClock()
    const { ask, resolver, filter } = await made((packet) => answerTo(packet, [address('good.example', '93.184.216.34', 1)]), { minTtlMs: 5000 }, { clock })
    expect((await ask('good.example')).answers![0]).toMatchObject({ ttl: 5 })
    clock.advance(3000)
    expect((await ask('good.example')).answers![0]).toMatchObject({ ttl: 2 })
    expect(resolver.asked).toHaveLength(1)
    clock.advance(3000)
    await ask('good.example')
    expect(resolver.asked).toHaveLength(2)
    expect(filter.counts()).toMatchObject({ cached: 1 })
  })

  it('that ten ask for at once is asked for once', async () => {
    const { ask, resolver } = await made(good, { cacheEntries: 0 })
    const replies = await Promise.all(Array.from({ length: 10 }, () => ask('good.example')))
    expect(replies.every((reply) => addresses(reply).length === 1)).toBe(true)
    expect(resolver.asked).toHaveLength(1)
  })

  it('below a wildcard is closed for a while when it looks like a tunnel, if the operator wants that', async () => {
    const { ask, entries, resolver } = await made(good, { blockTunnels: true })
    expect(await ask(`${'a'.repeat(60)}.wild.example`)).toMatchObject({ rcode: 'REFUSED' })
    expect(await ask('api.wild.example')).toMatchObject({ rcode: 'REFUSED' })
    expect(await ask('good.example'), 'what is named letter by letter stays open').toMatchObject({ rcode: 'NOERROR' })
    expect(entries.filter(({ event_type }) => event_type === 'alert')).toMatchObject([{ rule: 'dns.tunnelling', target: 'wild.example', detail: { approved: true } }])
    expect(resolver.asked).toHaveLength(1)
  })
})

describe('a forged answer', () => {
  const forgeries: Record<string, (packet: DecodedPacket) => object> = {
    'with another number': (packet) => ({ id: packet.id! ^ 1 }),
    'to another name': () => ({ questions: [{ name: 'other.example', type: 'A' }] }),
    'to another type': (packet) => ({ questions: [{ name: packet.questions![0]!.name, type: 'AAAA' }] }),
    'to two questions': (packet) => ({ questions: [packet.questions![0]!, packet.questions![0]!] }),
    'with a cookie that is not ours': () => ({ additionals: [{ ...opt, options: [{ code: 10, data: Buffer.alloc(16, 7) }] } as never] }),
    'that is a question': () => ({ type: 'query' }),
  }
  it.each(Object.entries(forgeries))('%s is waited past', async (_, change) => {
    const { ask } = await made((packet) => [answerTo(packet, [address('good.example', '6.6.6.6')], change(packet)), Buffer.from('not DNS at all'), good(packet)])
    expect(addresses(await ask('good.example'))).toEqual(['93.184.216.34'])
  })

  it('in another spelling is asked for again over TCP, where nobody can forge it from afar', async () => {
    const { ask, resolver } = await made((packet, transport) =>
      transport === 'udp'
        ? answerTo(packet, [address('good.example', '6.6.6.6')], { questions: [{ ...packet.questions![0]!, name: 'good.exAmple' === packet.questions![0]!.name ? 'gOod.example' : 'good.exAmple' }] })
        : good(packet))
    expect(addresses(await ask('good.example'))).toEqual(['93.184.216.34'])
    expect(resolver.asked.map(({ transport }) => transport)).toEqual(['udp', 'tcp'])
  })

  it('has to guess number, spelling and port anew for every question', async () => {
    const { ask, resolver } = await made(good)
    for (let i = 0; i < 8; i++) await ask(`n${i}.wild.example`)
    expect(new Set(resolver.asked.map(({ packet }) => packet.id)).size).toBeGreaterThan(6)
    const shapes = new Set(resolver.asked.map(({ packet }) => packet.questions![0]!.name.slice(3).replaceAll(/[A-Z]/g, '^').replaceAll(/[a-z]/g, '_')))
    expect(shapes.size).toBeGreaterThan(4)
  })
})

describe('a resolver', () => {
  it('that truncates is asked over TCP', async () => {
    const { ask, resolver } = await made((packet, transport) => (transport === 'udp' ? answerTo(packet, [], { flags: 1 << 9 }) : good(packet)))
    expect(addresses(await ask('good.example'))).toEqual(['93.184.216.34'])
    expect(resolver.asked.map(({ transport }) => transport)).toEqual(['udp', 'tcp'])
  })

  it('too old for EDNS is asked without it', async () => {
    const { ask, resolver } = await made((packet) => (packet.additionals!.length > 0 ? encode({ type: 'response', id: packet.id, flags: 1 }) : good(packet)))
    expect(addresses(await ask('good.example'))).toEqual(['93.184.216.34'])
    expect(resolver.asked.map(({ packet }) => packet.additionals!.length)).toEqual([1, 0])
  })

  it('that fails is passed over for the next, and asked last for a while', async () => {
    const [bad, fine] = [await fakeResolver((packet) => answerTo(packet, [], { flags: 2 })), await fakeResolver(good)]
    const staged = await stage([bad.at, fine.at], { cacheEntries: 0 })
    open.push(bad, fine, staged)
    for (let i = 0; i < 3; i++) expect(await staged.ask('good.example')).toMatchObject({ rcode: 'NOERROR' })
    expect([bad.asked.length, fine.asked.length]).toEqual([1, 3])
  })

  it('that is not there is a failure and no hanging', async () => {
    const gone = await fakeResolver(good)
    await gone.close()
    const staged = await stage([gone.at])
    open.push(staged)
    const reply = await staged.ask('good.example', 'A', edns)
    expect(reply).toMatchObject({ rcode: 'SERVFAIL' })
    expect(whyOf(reply)).toBe('dns.no-answer')
    expect(staged.filter.counts()).toMatchObject({ failed: 1 })
  })

  it('that sends nonsense of any kind harms nobody', async () => {
    let state = 4
    const chance = (below: number): number => {
      state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff
      return state % below
    }
    const { ask } = await made((packet) => {
      const bytes = Buffer.from(encode(answerTo(packet, [address('good.example', '93.184.216.34'), { type: 'CNAME', name: 'x.example', data: 'y.example' }])))
      for (let i = 0; i < 4; i++) bytes[12 + chance(bytes.length - 12)] = chance(256)
      return [bytes.subarray(0, 12 + chance(bytes.length - 12)), bytes, good(packet)]
    }, { cacheEntries: 0 })
    for (let i = 0; i < 300; i++) expect(['NOERROR', 'SERVFAIL', 'NXDOMAIN']).toContain((await ask(`n${i % 40}.wild.example`)).rcode)
  })
})

describe('the doors', () => {
  it('listen on loopback only, unless they are told otherwise', async () => {
    const { filter } = await made(good)
    await expect(filter.listen({ host: '0.0.0.0', port: 0 })).rejects.toMatchObject({ code: 'dns.open-resolver', hint: expect.stringContaining('dns.dangerously_listen_beyond_loopback') })
  })

  it('say which address is taken', async () => {
    const [first, second] = [await made(good), await made(good)]
    await expect(second.filter.listen(first.at)).rejects.toMatchObject({ code: 'dns.listen-failed', message: expect.stringContaining(String(first.at.port)) })
  })

  it('drop what comes faster than the limit', async () => {
    const { send, filter } = await made(good, { queriesPerSecond: 1 }, { clock: handClock() })
    const replies = await Promise.all(Array.from({ length: 6 }, () => send(question('evil.example'), 500)))
    expect(replies.filter((reply) => reply !== null)).toHaveLength(2)
    expect(filter.counts()).toMatchObject({ dropped: 4 })
  })

  it('never answer with more than a client can take, over UDP', async () => {
    const { send } = await made((packet) => answerTo(packet, Array.from({ length: 100 }, (_, i) => address('good.example', `93.184.216.${i + 1}`))))
    const short = (await send(question('good.example')))!
    expect(short.length).toBeLessThanOrEqual(512)
    expect(decode(short)).toMatchObject({ flag_tc: true, answers: [] })
    expect((await send(question('good.example', 'A', edns)))!.length).toBeLessThanOrEqual(1232)
  })

  it('answer questions that come in pieces, and several on one connection, over TCP', async () => {
    const { at } = await made(good)
    const framed = ['good.example', 'evil.example'].map((name) => Buffer.concat([Buffer.from([0, question(name).length]), question(name)]))
    const replies = await new Promise<Buffer>((resolve, reject) => {
      const socket = connect(at.port, at.host)
      const chunks: Buffer[] = []
      socket.on('error', reject)
      socket.on('data', (chunk) => {
        chunks.push(chunk)
        const all = Buffer.concat(chunks)
        if (all.length > 2 && all.length > 2 + all.readUInt16BE(0) + 2) {
          socket.destroy()
          resolve(all)
        }
      })
      const bytes = Buffer.concat(framed)
      for (let i = 0; i < bytes.length; i += 7) socket.write(bytes.subarray(i, i + 7))
    })
    const end = 2 + replies.readUInt16BE(0)
    const rcodes = [replies.subarray(2, end), replies.subarray(end + 2)].map((reply) => (decode(reply) as unknown as { rcode: string }).rcode)
    expect(rcodes.toSorted()).toEqual(['NOERROR', 'REFUSED'])
  })

  it('end a connection that sends a response, and answer one of 64 KiB that it is no question', async () => {
    const { at } = await made(good)
    const exchange = (bytes: Buffer): Promise<Buffer> => new Promise((resolve) => {
      const chunks: Buffer[] = []
      const socket = connect(at.port, at.host, () => socket.end(Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes])))
      socket.on('error', () => undefined)
      socket.on('data', (chunk) => chunks.push(chunk))
      socket.on('close', () => resolve(Buffer.concat(chunks)))
    })
    expect(await exchange(encode({ type: 'response', id: 1 }))).toHaveLength(0)
    const large = Buffer.concat([question('good.example'), Buffer.alloc(65_535 - question('good.example').length)])
    expect(decode((await exchange(large)).subarray(2))).toMatchObject({ rcode: 'FORMERR' })
  })
})

describe('a resolver that is the filter itself', () => {
  it('is not asked', async () => {
    const servers: { host: string; port: number }[] = []
    const staged = await stage(servers)
    open.push(staged)
    servers.push(staged.at)
    expect(await staged.ask('good.example')).toMatchObject({ rcode: 'SERVFAIL' })
    expect(staged.filter.counts().asked).toBe(1)
  })

  it('under another name is noticed by the port its questions come from, and told once', async () => {
    const servers: { host: string; port: number }[] = []
    const staged = await stage(servers)
    open.push(staged)
    servers.push({ host: 'localhost', port: staged.at.port })
    expect(await staged.ask('good.example')).toMatchObject({ rcode: 'SERVFAIL' })
    expect(await staged.ask('b.wild.example')).toMatchObject({ rcode: 'SERVFAIL' })
    expect(staged.entries.filter(({ rule }) => rule === 'dns.loop')).toHaveLength(1)
    expect(staged.filter.counts(), 'its own questions are not answered').toMatchObject({ asked: 2, failed: 2 })
  })

  it('by way of another ends all the same', async () => {
    const servers: { host: string; port: number }[] = []
    const first = await stage(servers)
    const second = await stage([first.at])
    open.push(first, second)
    servers.push(second.at)
    expect(await first.ask('good.example')).toMatchObject({ rcode: 'SERVFAIL' })
    expect(first.filter.counts().asked).toBeLessThan(10)
  })
})
