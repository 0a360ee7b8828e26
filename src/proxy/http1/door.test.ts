import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../base/index.ts'
import { dial, type Peer } from './dial.fixture.ts'
import { createHttp1Server, type Exchange } from './index.ts'
import { closeServers, get, hello, openServer as open } from './server.fixture.ts'

afterEach(closeServers)

describe('deadlines', () => {
  it('end a head that comes byte by byte, and a connection that says nothing', async () => {
    const { port } = await open(hello, { headersTimeoutMs: 60 })
    const silent = await dial(port)
    const slow = await dial(port)
    slow.say('GET / HTTP/1.1\r\nhost: a\r\n')
    const dribble = setInterval(() => slow.say('x'), 5)
    await Promise.all([silent.closed, slow.closed])
    clearInterval(dribble)
    expect([silent.heard, slow.heard.slice(0, 12)]).toEqual(['', 'HTTP/1.1 408'])
  })

  it('end a second head that comes byte by byte', async () => {
    const { port } = await open(hello, { headersTimeoutMs: 60 })
    const slow = (await dial(port)).say(get)
    await slow.hears('hello')
    slow.say('GET / HTTP/1.1\r\nhost: a\r\n')
    const dribble = setInterval(() => slow.say('x'), 5)
    await slow.closed
    clearInterval(dribble)
    expect(slow.heard.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 408'])
  })

  it('end a connection that rests too long, and not one that works', async () => {
    const { port } = await open(({ reply }) => setTimeout(() => reply.whole(200, {}, 'late'), 150), { keepAliveMs: 30, headersTimeoutMs: 30 })
    const client = (await dial(port)).say(get)
    expect(await client.hears('late')).toContain('200 OK')
    await client.closed
    expect(client.socket.destroyed).toBe(true)
  })

  it('end a connection whose client never takes its answer', async () => {
    const { server, port } = await open(({ reply }) => reply.whole(200, {}, Buffer.alloc(30_000_000)), { bodyTimeoutMs: 50 })
    const client = await dial(port)
    client.socket.pause()
    client.say(get)
    while (server.connections === 0) await new Promise((resolve) => setImmediate(resolve))
    while (server.connections > 0) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(server.connections).toBe(0)
  })
})

describe('a full door', () => {
  it('opens for whoever speaks: the one that is silent for longest makes room', async () => {
    const { server, port } = await open(hello, { maxConnections: 4 })
    const silent: Peer[] = []
    for (let i = 0; i < 4; i++) silent.push(await dial(port))
    silent[1]!.say('GET / HT')
    for (let i = 0; i < 3; i++) {
      const speaker = (await dial(port)).say('GET /a HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
      expect(await speaker.hears('hello')).toContain('200 OK')
      await speaker.closed
    }
    await silent[0]!.closed
    expect(server.connections).toBeLessThanOrEqual(4)
  })

  it('stays open under a thousand connections that say nothing', async () => {
    const { port } = await open(hello, { maxConnections: 64 })
    const silent = await Promise.all(Array.from({ length: 1_000 }, () => dial(port)))
    const speaker = (await dial(port)).say(get)
    expect(await speaker.hears('hello')).toContain('200 OK')
    for (const { socket } of silent) socket.destroy()
  })

  it('makes room of a resting connection when nobody is silent, and tells 503 when all work', async () => {
    const working: Exchange[] = []
    const { port } = await open((exchange) => (exchange.target === '/a' ? hello(exchange) : working.push(exchange)), { maxConnections: 2 })
    const resting = (await dial(port)).say(get)
    await resting.hears('hello')
    const first = (await dial(port)).say('GET /work HTTP/1.1\r\nhost: a\r\n\r\n')
    while (working.length < 1) await new Promise((resolve) => setImmediate(resolve))
    const second = (await dial(port)).say('GET /work HTTP/1.1\r\nhost: a\r\n\r\n')
    await resting.closed
    while (working.length < 2) await new Promise((resolve) => setImmediate(resolve))
    const third = await dial(port)
    await third.closed
    expect(third.heard).toMatch(/^HTTP\/1\.1 503 /)
    for (const { reply } of working) reply.whole(200, {}, 'done')
    expect(await first.hears('done')).toContain('200 OK')
    expect(await second.hears('done')).toContain('200 OK')
  })

  it('makes room of one that does not take its answer, when nobody else can go', async () => {
    const { port } = await open(({ reply }) => reply.whole(200, {}, Buffer.alloc(10_000_000)), { maxConnections: 2 })
    const deaf: Peer[] = []
    for (let i = 0; i < 2; i++) {
      deaf.push(await dial(port))
      deaf[i]!.socket.pause()
      deaf[i]!.say(get)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
    const client = (await dial(port)).say(get)
    expect(await client.hears('\r\n\r\n')).toContain('200 OK')
    for (const { socket } of deaf) socket.destroy()
  })

  it('counts one address on its own when told to', async () => {
    const held: Exchange[] = []
    const { port } = await open((exchange) => held.push(exchange), { maxConnectionsPerAddress: 1 })
    ;(await dial(port)).say(get)
    while (held.length < 1) await new Promise((resolve) => setImmediate(resolve))
    const second = await dial(port)
    await second.closed
    expect(second.heard).toMatch(/^HTTP\/1\.1 503 /)
  })

  // Elsewhere 127.0.0.2 is no address of the machine.
  it.skipIf(process.platform !== 'linux')('lets one address make room among its own only', async () => {
    const { port } = await open(hello, { maxConnectionsPerAddress: 1 })
    const other = await dial(port, '127.0.0.2')
    const first = await dial(port)
    const second = (await dial(port)).say(get)
    await first.closed
    expect(await second.hears('hello')).toContain('200 OK')
    expect(await other.say(get).hears('hello')).toContain('200 OK')
  })
})

describe('closing', () => {
  it('ends what rests at once, lets an answer finish, and resolves when nobody is left', async () => {
    const held: Exchange[] = []
    const { server, port } = await open((exchange) => (exchange.target === '/a' ? hello(exchange) : held.push(exchange)))
    const resting = (await dial(port)).say(get)
    await resting.hears('hello')
    const busy = (await dial(port)).say('GET /work HTTP/1.1\r\nhost: a\r\n\r\n')
    while (held.length < 1) await new Promise((resolve) => setImmediate(resolve))
    const closed = server.close(5_000)
    await resting.closed
    held[0]!.reply.whole(200, {}, 'done')
    await closed
    expect(await busy.hears('done')).toContain('connection: close')
    expect(server.connections).toBe(0)
    await expect(dial(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('destroys what is still under way after its grace', async () => {
    let gone = false
    const { server, port } = await open(({ reply }) => reply.onGone(() => (gone = true)))
    const client = (await dial(port)).say(get)
    while (server.connections === 0) await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setTimeout(resolve, 20))
    await server.close(10)
    await client.closed
    expect(gone).toBe(true)
  })

  it('of a door that is taken is told with the address', async () => {
    const { port } = await open(hello)
    const second = createHttp1Server({}, hello, { clock: systemClock })
    await expect(second.listen({ host: '127.0.0.1', port })).rejects.toMatchObject({
      code: 'http1.listen-failed',
      message: expect.stringContaining(`127.0.0.1:${port}`),
    })
  })
})
