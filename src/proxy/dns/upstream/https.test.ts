import { createServer, type Server } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decode, encode, type DecodedPacket } from 'dns-packet'
import { afterEach, describe, expect, it } from 'vitest'
import { createAuthority, selfSigned, type Identity } from '../../../../tests/fakes/certificates.ts'
import { createOutboundTls } from '../../../base/index.ts'
import { address, answerTo, stage, type Stage } from '../stage.fixture.ts'
import { httpsUpstream } from './https.ts'

const authority = createAuthority()
const tls = createOutboundTls({ minVersion: '1.2', preferredVersion: '1.3' }).withAuthorities(authority.cert)
const open: (Stage | { close(): Promise<void> })[] = []
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close()
})

interface Doh {
  url: string
  asked: { method: string | undefined; headers: IncomingMessage['headers']; packet: DecodedPacket; bytes: number }[]
}

const good = (packet: DecodedPacket) => encode(answerTo(packet, [address('good.example', '93.184.216.34')]))

/** A resolver over HTTPS at `resolver.example`, which only its bootstrap address leads to. */
async function doh(say: (packet: DecodedPacket, response: ServerResponse) => Buffer | null = good, identity: Identity = authority.issue({ names: ['resolver.example'] })): Promise<Doh> {
  const asked: Doh['asked'] = []
  const server: Server = createServer(identity, (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const bytes = Buffer.concat(chunks)
      asked.push({ method: request.method, headers: request.headers, packet: decode(bytes), bytes: bytes.length })
      const reply = say(decode(bytes), response)
      if (reply) response.writeHead(200, { 'content-type': 'application/dns-message' }).end(reply)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push({ close: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections() }) })
  return { url: `https://resolver.example:${(server.address() as AddressInfo).port}/dns-query`, asked }
}
async function filterBy(...servers: { url: string; addresses: string[] }[]): Promise<Stage> {
  const staged = await stage([], { overHttps: servers }, { tls })
  open.push(staged)
  return staged
}
const here = ['127.0.0.1']

describe('a resolver over HTTPS', () => {
  it('is asked by POST at its bootstrap address, and believed by its name', async () => {
    const { url, asked } = await doh()
    const { ask } = await filterBy({ url, addresses: here })
    expect((await ask('good.example')).answers).toMatchObject([{ data: '93.184.216.34' }])
    expect(asked).toMatchObject([{ method: 'POST', headers: { accept: 'application/dns-message', 'content-type': 'application/dns-message' } }])
  })

  it('is whom the way out asks too, with private addresses withheld', async () => {
    const { url, asked } = await doh((packet) => encode(answerTo(packet, packet.questions![0]!.name === 'inner.example' ? [address('inner.example', '10.0.0.1')] : packet.questions![0]!.type === 'A' ? [address('good.example', '93.184.216.34')] : [])))
    const { filter } = await filterBy({ url, addresses: here })
    expect(await filter.lookUp('good.example')).toEqual(['93.184.216.34'])
    expect(await filter.lookUp('inner.example')).toEqual([])
    expect(asked).toHaveLength(4)
  })

  it('that is not there fails the look-up of the way out', async () => {
    const { filter } = await filterBy({ url: 'https://resolver.example:9/dns-query', addresses: here })
    await expect(filter.lookUp('good.example')).rejects.toThrow('resolver.example')
  })

  it('sees nothing but name and type, under number 0, and a length that does not tell the name', async () => {
    const { url, asked } = await doh((packet) => encode(answerTo(packet, [])))
    const { ask } = await filterBy({ url, addresses: here })
    for (const name of ['a.wild.example', 'some-longer-name.wild.example', `${'n'.repeat(40)}.wild.example`]) await ask(name)
    expect(asked.map(({ bytes }) => bytes)).toEqual([128, 128, 128])
    expect(asked.map(({ packet }) => packet.id)).toEqual([0, 0, 0])
    expect(JSON.stringify(asked[0]!.headers)).not.toMatch(/cookie|referer|authorization/i)
  })

  it.each([
    ['for another name', () => authority.issue({ names: ['other.example'] })],
    ['of its own making', () => selfSigned({ names: ['resolver.example'] })],
    ['that has expired', () => authority.issue({ names: ['resolver.example'], fromDays: -9, toDays: -1 })],
  ])('with a certificate %s is not asked', async (_, identity) => {
    const { url, asked } = await doh(good, identity())
    const { ask, filter } = await filterBy({ url, addresses: here })
    expect(await ask('good.example')).toMatchObject({ rcode: 'SERVFAIL', answers: [] })
    expect(asked).toEqual([])
    expect(filter.counts()).toMatchObject({ failed: 1 })
  })

  it.each<[string, Parameters<typeof doh>[0]]>([
    ['sends an error', (_, response) => (response.writeHead(500).end(), null)],
    ['sends a page', (_, response) => (response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'), null)],
    ['sends elsewhere', (_, response) => (response.writeHead(302, { location: 'https://evil.example/' }).end(), null)],
    ['answers another question', (packet) => encode(answerTo(packet, [], { questions: [{ name: 'other.example', type: 'A' }] }))],
    ['answers without end', (_, response) => (response.writeHead(200, { 'content-type': 'application/dns-message' }).end(Buffer.alloc(70_000)), null)],
    ['sends what is no packet', () => Buffer.from('hello')],
  ])('that %s is passed over for the next', async (_, say) => {
    const [bad, fine] = [await doh(say), await doh()]
    const { ask } = await filterBy({ url: bad.url, addresses: here }, { url: fine.url, addresses: here })
    expect((await ask('good.example')).answers).toMatchObject([{ data: '93.184.216.34' }])
  })

  it('is tried at its next address when the first does not answer', async () => {
    const { url } = await doh()
    const { ask } = await filterBy({ url, addresses: ['127.0.0.9', '127.0.0.1'] })
    const first = await ask('good.example')
    expect(first.rcode === 'NOERROR' || (await ask('good.example')).rcode === 'NOERROR').toBe(true)
  })

  it('leaves no connection behind when it is closed', async () => {
    const { url } = await doh()
    const upstream = httpsUpstream({ url, addresses: here }, tls)
    await upstream.ask({ name: 'good.example', type: 'A' }, AbortSignal.timeout(5000))
    await upstream.close()
    await expect(upstream.ask({ name: 'good.example', type: 'A' }, AbortSignal.timeout(5000))).rejects.toThrow(/destroyed/i)
  })
})
