import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Handed } from '../../auditlog/index.ts'
import { helloFor } from './hello.fixture.ts'
import { closeAll, closers, connectTo, open } from './origins.fixture.ts'
import { listenLocal, logInto } from './stage.fixture.ts'

// The decision is with the kernel before anybody is dialed, and on the disk before anybody is told or a byte passes.
afterEach(closeAll)

/** Says it in one piece, and collects what is answered. */
function say(port: number, ...pieces: (string | Buffer)[]): { seen(): string; ended: Promise<unknown> } {
  let seen = ''
  const socket = connect({ host: '127.0.0.1', port })
  socket.on('data', (bytes) => (seen += bytes.toString('latin1'))).on('error', () => undefined)
  socket.write(Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece))))
  closers.push(() => socket.destroy())
  return { seen: () => seen, ended: new Promise((resolve) => socket.on('close', resolve)) }
}

async function someTurns(): Promise<void> {
  for (let turns = 0; turns < 50; turns++) await new Promise((resolve) => setImmediate(resolve))
}

const nothing = Buffer.alloc(0)

describe('while the decision is not on the disk', () => {
  it.each([
    ['443, the hello behind it', 'api.example.com:443', true],
    ['a port of its own, the hello behind it', 'web.example.com:8080', true],
    ['a port of its own, nothing behind it', 'web.example.com:8080', false],
    ['protocol tcp', 'odd.example.com:9000', true],
  ])('nobody is told that it is through, and no byte passes: %s', async (_, authority, withHello) => {
    const heard: Buffer[] = []
    const origin = await listenLocal((socket) => socket.on('data', (bytes) => heard.push(bytes)))
    closers.push(origin.close)
    let reach: () => void = () => undefined
    const onDisk = new Promise<void>((resolve) => (reach = resolve))
    let handed = 0
    const slow: Handed = { isDurable: false, durable: () => onDisk }
    const stage = await open({ origin: origin.port, ports: { audit: { ...logInto([]), writeThisTurn: async () => (handed++, slow) } } })
    const hello = withHello ? helloFor(authority.split(':')[0]!) : nothing
    const said = say(stage.port, connectTo(authority), hello)
    await expect.poll(() => handed, { timeout: 10_000 }).toBe(1)
    if (withHello) await expect.poll(() => stage.dialled.length, { timeout: 10_000 }).toBe(1)
    await someTurns()
    expect([said.seen(), heard]).toEqual(['', []])
    reach()
    await expect.poll(() => said.seen(), { timeout: 10_000 }).toContain('200 Connection Established')
    await expect.poll(() => Buffer.concat(heard).equals(hello), { timeout: 10_000 }).toBe(true)
  })

  it('nobody is dialed while it is not even with the kernel', async () => {
    let take: (handed: Handed) => void = () => undefined
    let asked = 0
    const stage = await open({ origin: 9, ports: { audit: { ...logInto([]), writeThisTurn: () => new Promise<Handed>((resolve) => ((take = resolve), asked++)) } } })
    say(stage.port, connectTo('api.example.com:443'))
    await expect.poll(() => asked, { timeout: 10_000 }).toBe(1)
    await someTurns()
    expect(stage.dialled).toEqual([])
    take({ isDurable: true, durable: async () => undefined })
    await expect.poll(() => stage.dialled, { timeout: 10_000 }).toEqual(['93.184.216.34:443'])
  })

  it('a disk that refuses it ends the tunnel before it began, with the reason', async () => {
    const heard: Buffer[] = []
    const origin = await listenLocal((socket) => socket.on('data', (bytes) => heard.push(bytes)))
    closers.push(origin.close)
    const lost: Handed = { isDurable: false, durable: () => Promise.reject(new Error('disk full')) }
    const stage = await open({ origin: origin.port, ports: { audit: { ...logInto([]), writeThisTurn: async () => lost } } })
    for (const authority of ['api.example.com:443', 'web.example.com:8080', 'odd.example.com:9000']) {
      const said = say(stage.port, connectTo(authority), helloFor(authority.split(':')[0]!))
      await said.ended
      expect(said.seen()).toMatch(/^HTTP\/1\.1 502 [\s\S]*egress\.log-unavailable/)
    }
    expect(heard).toEqual([])
  })
})
