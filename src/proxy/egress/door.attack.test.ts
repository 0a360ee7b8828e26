import { connect as netConnect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { closeAll, closers, connectTo, echo, httpOrigin, open } from './origins.fixture.ts'
import { closingEntry, exchange, headEnds, listenLocal } from './stage.fixture.ts'

// What a client does to the door itself: takes places, leaves without a line in the log, waits for ever.
afterEach(closeAll)

const gone = (socket: Socket): Promise<unknown> => new Promise((resolve) => (socket.closed ? resolve(null) : socket.on('close', resolve).on('error', () => undefined).resume()))

describe('places at the door', () => {
  it.each([['G'], ['GET http://api.example.com/ HTTP/1.1\r\nHost: api'], ['C'], ['\r\n']])('are not taken beyond their number by heads that never end: %j', async (words) => {
    const stage = await open({ origin: await echo(), limits: { openingTimeoutMs: 100_000 }, options: { maxConnections: 5 } })
    const slow: Socket[] = []
    closers.push(() => slow.forEach((socket) => socket.destroy()))
    for (let i = 0; i < 12; i++) {
      const socket = netConnect({ host: '127.0.0.1', port: stage.port }).on('error', () => undefined).resume()
      slow.push(socket)
      await new Promise((resolve) => socket.write(words, resolve))
    }
    // The slowest make room: whoever comes now is served all the same.
    await expect.poll(() => slow.filter(({ closed }) => closed).length, { timeout: 10_000 }).toBeGreaterThanOrEqual(7)
    expect((await exchange(stage.port, connectTo('evil.example:443'))).seen).toContain('egress.not-listed')
  })

  it('are given back by a client that never reads its answer', async () => {
    const body = Buffer.alloc(12_000_000, 'a')
    const origin = await listenLocal((socket) => socket.end(Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`), body])))
    closers.push(origin.close)
    const stage = await open({ origin: origin.port, limits: { idleTimeoutMs: 300 } })
    const socket = netConnect({ host: '127.0.0.1', port: stage.port }).on('error', () => undefined).pause()
    closers.push(() => socket.destroy())
    socket.write('GET http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\n\r\n')
    await expect.poll(() => stage.dialled.length, { timeout: 10_000 }).toBe(1)
    await expect.poll(() => stage.proxy.active(), { timeout: 10_000 }).toEqual([])
  })
})

describe('nobody is turned away without a line in the log', () => {
  it.each([
    ['a CONNECT behind an empty line', '\r\nCONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n'],
    ['an expectation nobody has', 'GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nExpect: the-unexpected\r\n\r\n'],
    ['an upgrade', 'GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n'],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['nothing but noise', '\u0001\u0002\u0003\r\n\r\n'],
  ])('%s', async (_, head) => {
    const stage = await open({ origin: await echo() })
    await exchange(stage.port, head)
    expect(await closingEntry(stage.entries)).toMatchObject({ decision: 'deny', rule: expect.stringMatching(/^egress\./) })
    expect([stage.dialled, stage.resolved]).toEqual([[], []])
  })

  it.each([
    ['a CONNECT', connectTo('evil.example:443')],
    ['an expectation nobody has', 'GET / HTTP/1.1\r\nHost: api.example.com\r\nExpect: the-unexpected\r\n\r\n'],
    ['a path with a fragment', 'GET /v1/..#x HTTP/1.1\r\nHost: api.example.com\r\n\r\n'],
    ['no host', 'GET / HTTP/1.1\r\n\r\n'],
    ['HTTP/0.9', 'GET /\r\n\r\n'],
  ])('inside a tunnel: %s', async (_, head) => {
    const { port, heads } = await httpOrigin()
    const stage = await open({ origin: port })
    await exchange(stage.port, connectTo('api.example.com:80') + head)
    expect(await closingEntry(stage.entries)).toMatchObject({ decision: 'deny', rule: expect.stringMatching(/^egress\./), target: 'api.example.com:80' })
    expect(heads).toEqual([])
  })
})

it.each([
  ['CONNECT name:pass/word@evil.example:443 HTTP/1.1\r\n\r\n'],
  ['GET http://name:pass/word@evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n'],
  ['GET http://name:pass#word@evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n'],
  ['GET https://name:pass?word@evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n'],
])('no part of a password gets into the log, however it is spelled: %j', async (head) => {
  const stage = await open()
  await exchange(stage.port, head)
  await closingEntry(stage.entries)
  expect(JSON.stringify(stage.entries)).not.toContain('pass')
})

it('a credential never reaches an origin, in whatever field, trailer or spelling it is repeated', async () => {
  const { port, heads } = await httpOrigin()
  const stage = await open({ origin: port, ports: { authenticate: () => ({ name: 'agent.main', kind: 'agent', agentId: 'main', skill: null }) } })
  const basic = `Proxy-Authorization: Basic ${Buffer.from('agent.main:x').toString('base64')}`
  await exchange(stage.port, `POST http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\n${basic}\r\nConnection: host, authorization, proxy-authorization\r\nTransfer-Encoding: chunked\r\nTrailer: Proxy-Authorization\r\n\r\n1\r\na\r\n0\r\n${basic}\r\n\r\n`)
  await exchange(stage.port, `${connectTo('api.example.com:80')}GET / HTTP/1.1\r\nHost: api.example.com\r\npRoXy-AuThOrIzAtIoN: Basic YTpi\r\n\r\n`)
  expect(heads).toHaveLength(2)
  expect(JSON.stringify(heads)).not.toMatch(/proxy-auth|basic/i)
})

it('nothing that is said to it ends the process, hangs it or passes without a decision', async () => {
  const { port } = await httpOrigin()
  const stage = await open({ origin: port, limits: { openingTimeoutMs: 300, idleTimeoutMs: 300 }, options: { maxConnections: 20 } })
  const seeds = [connectTo('api.example.com:443'), `${connectTo('api.example.com:80')}GET / HTTP/1.1\r\nHost: api.example.com\r\n\r\n`, 'POST http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: 3\r\n\r\nabc']
  let state = 20_261_121
  const next = (below: number): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) % below
  for (let round = 0; round < 150; round++) {
    const bytes = Buffer.from(seeds[round % seeds.length]!, 'latin1')
    for (let change = next(4); change >= 0; change--) bytes[next(bytes.length)] = next(256)
    const socket = netConnect({ host: '127.0.0.1', port: stage.port }).on('error', () => undefined).resume()
    socket.write(bytes.subarray(0, 1 + next(bytes.length)))
    const ending = next(3)
    if (ending === 0) socket.end()
    else if (ending === 1) socket.on('connect', () => socket.resetAndDestroy())
    if (round % 10 === 9) await gone(socket)
  }
  await expect.poll(() => stage.proxy.active(), { timeout: 10_000 }).toEqual([])
  expect(stage.dialled.filter((to) => !/^93\.184\.216\.34:(443|80)$/.test(to))).toEqual([])
  const { seen } = await exchange(stage.port, connectTo('api.example.com:80') + 'GET / HTTP/1.1\r\nHost: api.example.com\r\n\r\n', (text) => text.includes('got'))
  expect(seen).toMatch(/200 Connection Established[\s\S]*got/)
  expect(headEnds(seen)).toBe(true)
})
