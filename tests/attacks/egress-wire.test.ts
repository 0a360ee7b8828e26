import { connect as netConnect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { closeAll, closers, connectTo, echo, established, httpOrigin, open, startTls, tlsOrigin } from '../../src/proxy/egress/origins.fixture.ts'
import { closingEntry, exchange, headEnds, listenLocal, openStage } from '../../src/proxy/egress/stage.fixture.ts'

// What somebody does who has a socket to the egress proxy and nothing to lose. Each is refused, each is in the log.
afterEach(closeAll)

describe('a head that two readers could take for two requests', () => {
  it.each([
    ['a bare line feed', 'CONNECT api.example.com:443 HTTP/1.1\nHost: api.example.com:443\n\n'],
    ['a bare carriage return', 'CONNECT api.example.com:443 HTTP/1.1\r\nX: a\rHost: evil.example\r\n\r\n'],
    ['a folded field', 'CONNECT api.example.com:443 HTTP/1.1\r\nX: a\r\n b\r\n\r\n'],
    ['a space before the colon', 'CONNECT api.example.com:443 HTTP/1.1\r\nHost : api.example.com\r\n\r\n'],
    ['two hosts', 'CONNECT api.example.com:443 HTTP/1.1\r\nHost: api.example.com\r\nHost: evil.example\r\n\r\n'],
    ['another host', 'CONNECT api.example.com:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n'],
    ['a length', 'CONNECT api.example.com:443 HTTP/1.1\r\nContent-Length: 40\r\n\r\n'],
    ['chunks', 'CONNECT api.example.com:443 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['two credentials', 'CONNECT api.example.com:443 HTTP/1.1\r\nProxy-Authorization: Basic YTpi\r\nProxy-Authorization: Basic Yzpk\r\n\r\n'],
    ['two spaces', 'CONNECT  api.example.com:443 HTTP/1.1\r\n\r\n'],
    ['a tab for a space', 'CONNECT\tapi.example.com:443 HTTP/1.1\r\n\r\n'],
    ['a NUL', 'CONNECT api.example.com:443\0.evil.example HTTP/1.1\r\n\r\n'],
    ['no version', 'CONNECT api.example.com:443\r\n\r\n'],
    ['HTTP/2 in words', 'CONNECT api.example.com:443 HTTP/2.0\r\n\r\n'],
    ['small letters', 'connect api.example.com:443 HTTP/1.1\r\nHost: api.example.com:443\r\n\r\n'],
  ])('is refused: %s', async (_, head) => {
    const stage = await open({ origin: await echo() })
    const { seen } = await exchange(stage.port, head)
    expect(seen).toMatch(/^HTTP\/1\.1 400 /)
    expect(stage.entries).toMatchObject([{ decision: 'deny', rule: expect.stringMatching(/^egress\.bad-/), status: 400 }])
    expect([stage.dialled, stage.resolved]).toEqual([[], []])
  })

  it.each([
    ['a length and chunks', 'POST http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['two lengths', 'POST http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd'],
    ['chunked twice', 'POST http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n'],
    ['an absolute target of another host', 'GET http://api.example.com/ HTTP/1.1\r\nHost: evil.example\r\n\r\n'],
    ['a target with a user', 'GET http://api.example.com@evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n'],
  ])('is refused as a plain request: %s', async (_, head) => {
    const { port, heads } = await httpOrigin()
    const stage = await open({ origin: port })
    const { seen } = await exchange(stage.port, head)
    expect(seen).toMatch(/^HTTP\/1\.1 4\d\d /)
    expect(heads).toEqual([])
    expect(await closingEntry(stage.entries)).toMatchObject({ decision: 'deny', rule: expect.stringMatching(/^egress\./) })
  })
})

describe('a second request behind the first', () => {
  it('is payload of the tunnel and no request: behind a CONNECT it has to be a ClientHello', async () => {
    const stage = await open({ origin: await echo() })
    const { socket } = await exchange(stage.port, connectTo('api.example.com:443') + connectTo('evil.example:443'), headEnds)
    await new Promise((resolve) => socket.on('close', resolve).resume())
    expect(stage.entries.filter(({ duration_ms: ended }) => ended !== undefined)).toMatchObject([{ decision: 'deny', rule: 'egress.not-tls', target: 'api.example.com:443' }])
  })

  it('behind a refusal is not answered', async () => {
    const stage = await open({ origin: await echo() })
    const { seen } = await exchange(stage.port, connectTo('evil.example:443') + connectTo('api.example.com:443'))
    expect(seen.match(/HTTP\/1\.1/g)).toHaveLength(1)
    expect(stage.entries).toHaveLength(1)
  })

  it('behind a plain one reaches nobody, in the clear or inside a tunnel', async () => {
    for (const lead of ['GET http://api.example.com/a HTTP/1.1\r\nHost: api.example.com\r\n\r\n', `${connectTo('api.example.com:80')}GET /a HTTP/1.1\r\nHost: api.example.com\r\n\r\n`]) {
      const { port, heads } = await httpOrigin()
      const stage = await open({ origin: port })
      await exchange(stage.port, `${lead}GET http://evil.example/b HTTP/1.1\r\nHost: evil.example\r\n\r\nGET /c HTTP/1.1\r\nHost: evil.example\r\n\r\n`)
      expect(heads.map(([line]) => line)).toEqual(['GET /a'])
    }
  })

  it('hidden in a body stays a body', async () => {
    const { port, heads } = await httpOrigin()
    const stage = await open({ origin: port })
    const inner = 'GET /inner HTTP/1.1\r\nHost: evil.example\r\n\r\n'
    const { seen } = await exchange(stage.port, `POST http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`)
    expect(seen).toContain(`got ${inner}`)
    expect(heads).toHaveLength(1)
  })
})

describe('time', () => {
  it('is not taken by one who says its head byte by byte', async () => {
    const stage = await open({ limits: { openingTimeoutMs: 200 } })
    const socket = netConnect({ host: '127.0.0.1', port: stage.port })
    const ended = new Promise((resolve) => socket.on('close', resolve).on('error', () => undefined).resume())
    const drip = setInterval(() => socket.write('C'), 20)
    await ended
    clearInterval(drip)
    expect(stage.entries).toMatchObject([{ rule: 'egress.bad-request-head' }])
  })

  it('is not taken by one who opens a tunnel and says nothing in it, or a little', async () => {
    const stage = await open({ origin: await echo(), limits: { openingTimeoutMs: 200 } })
    for (const [authority, words] of [['api.example.com:443', ''], ['api.example.com:443', '\x16\x03\x01\x02\x00\x01'], ['api.example.com:80', 'GET / HT']] as const) {
      const { socket } = await exchange(stage.port, connectTo(authority), headEnds)
      const ended = new Promise((resolve) => socket.on('close', resolve).resume())
      socket.write(words, 'latin1')
      await ended
    }
    expect(stage.entries.filter(({ decision }) => decision === 'deny').map(({ rule }) => rule)).toEqual(['egress.not-tls', 'egress.not-tls', 'egress.bad-request-head'])
  })

  it('is not taken by a tunnel that is silent, or lasts for ever', async () => {
    const silent = await open({ origin: await echo(), limits: { idleTimeoutMs: 100 } })
    const one = await exchange(silent.port, connectTo('odd.example.com:9000'), headEnds)
    await new Promise((resolve) => one.socket.on('close', resolve).resume())
    const endless = await open({ origin: await echo(), limits: { lifetimeMs: 200 } })
    const two = await exchange(endless.port, connectTo('odd.example.com:9000'), headEnds)
    const talk = setInterval(() => two.socket.write('x'), 10)
    await new Promise((resolve) => two.socket.on('close', resolve).on('error', () => undefined).resume())
    clearInterval(talk)
    expect(await closingEntry(endless.entries)).toMatchObject({ decision: 'deny', rule: 'egress.cut', reason: expect.stringContaining('egress.limits.lifetime') })
    expect(endless.proxy.active()).toEqual([])
  })

  it('is not taken by a resolver or a log that never answers', async () => {
    const stage = await open({ limits: { connectTimeoutMs: 100 }, ports: { resolve: () => new Promise(() => undefined) } })
    expect((await exchange(stage.port, connectTo('api.example.com:443'))).seen).toContain('egress.unresolved')
  })

  it('of the door is not taken by silent connections: whoever speaks gets in', async () => {
    const stage = await open({ origin: await echo(), options: { maxConnections: 5 } })
    const silent = Array.from({ length: 20 }, () => netConnect({ host: '127.0.0.1', port: stage.port }).on('error', () => undefined))
    closers.push(() => silent.forEach((socket) => socket.destroy()))
    await Promise.all(silent.map((socket) => new Promise((resolve) => socket.once('connect', resolve))))
    expect((await exchange(stage.port, connectTo('evil.example:443'))).seen).toContain('egress.not-listed')
  })
})

describe('size', () => {
  it.each([
    ['a head', `CONNECT api.example.com:443 HTTP/1.1\r\nX: ${'a'.repeat(20_000)}`],
    ['many fields', `CONNECT api.example.com:443 HTTP/1.1\r\n${'X: a\r\n'.repeat(200)}\r\n`],
    ['a plain head', `GET http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`],
  ])('beyond measure is told 431: %s', async (_, head) => {
    const stage = await open()
    const { seen } = await exchange(stage.port, head)
    expect(seen).toMatch(/^HTTP\/1\.1 431 /)
    expect(stage.entries).toMatchObject([{ decision: 'deny', status: 431 }])
  })

  it.each([
    ['a ClientHello of 64 KiB', Buffer.concat([Buffer.from([0x16, 3, 1, 0xff, 0xff]), Buffer.alloc(65_535)])],
    ['a ClientHello cut over two records', Buffer.concat([Buffer.from([0x16, 3, 1, 0, 8, 1, 0, 2, 0, 3, 3, 0, 0]), Buffer.from([0x16, 3, 1, 0, 4, 0, 0, 0, 0])])],
    ['a hello of SSL 2', Buffer.from([0x80, 0x2e, 1, 3, 1, 0, 0x15, 0, 0, 0, 0x10])],
  ])('is not what TLS is: %s', async (_, bytes) => {
    let heard = 0
    const origin = await listenLocal((socket) => socket.on('data', (chunk) => (heard += chunk.length)))
    closers.push(origin.close)
    const stage = await open({ origin: origin.port })
    const { socket } = await exchange(stage.port, connectTo('api.example.com:443'), headEnds)
    socket.write(bytes)
    await new Promise((resolve) => socket.on('close', resolve).on('error', () => undefined).resume())
    expect(await closingEntry(stage.entries)).toMatchObject({ decision: 'deny', rule: expect.stringMatching(/^egress\.(not-tls|bad-client-hello)$/) })
    expect(heard).toBe(0)
  })
})

describe('a name', () => {
  it('that leads elsewhere the second time leads nowhere: it is asked once, and that answer is dialled', async () => {
    const stage = await open({ origin: await tlsOrigin(), answers: [['93.184.216.34'], ['169.254.169.254']] })
    const { socket } = await exchange(stage.port, connectTo('api.example.com:443'), headEnds)
    expect(await startTls(socket, 'api.example.com')).toBe('over tls')
    expect(stage.dialled).toEqual(['93.184.216.34:443'])
    expect((await exchange(stage.port, connectTo('api.example.com:443'))).seen).toContain('egress.private-address')
  })

  it.each([['::ffff:169.254.169.254'], ['64:ff9b::a9fe:a9fe'], ['64:ff9b:1::a9fe:a9fe'], ['2002:a9fe:a9fe::'], ['2001:0:53aa:64c::'], ['fd00:ec2::254'], ['::1'], ['::'], ['0.0.0.0'], ['100.64.0.1'], ['192.168.0.1'], ['fe80::1'], ['ff02::1'], ['198.18.0.1'], ['203.0.113.9'], ['255.255.255.255'], ['168.63.129.16']])(
    'that hides %s among public addresses is refused as a whole',
    async (address) => {
      const stage = await open({ answers: [['93.184.216.34', address]] })
      expect((await exchange(stage.port, connectTo('api.example.com:443'))).seen).toContain('x-hardshell-rule: egress.private-address')
      expect(stage.dialled).toEqual([])
    },
  )
})

describe('an end', () => {
  it('that is half closed and never read leaves nothing open', async () => {
    const origin = await listenLocal((socket) => void socket.write(Buffer.alloc(4_000_000)))
    closers.push(origin.close)
    const stage = await openStage({ origin: origin.port, limits: { idleTimeoutMs: 200 } })
    closers.push(() => stage.proxy.close())
    const { socket } = await exchange(stage.port, connectTo('odd.example.com:9000'), headEnds)
    socket.pause()
    socket.end()
    await expect.poll(() => stage.proxy.active(), { timeout: 10_000 }).toEqual([])
    socket.destroy()
  })

  it('that is a reset, at any moment, leaves nothing open', async () => {
    const stage = await open({ origin: await echo() })
    for (const words of ['', 'CONN', connectTo('api.example.com:443'), `${connectTo('odd.example.com:9000')}abc`, 'GET http://api.example.com/ HTTP/1.1\r\nHost: api']) {
      const socket: Socket = netConnect({ host: '127.0.0.1', port: stage.port })
      await new Promise((resolve) => socket.once('connect', resolve))
      await new Promise((resolve) => socket.write(words, resolve))
      socket.resetAndDestroy()
    }
    await expect.poll(() => stage.proxy.active(), { timeout: 10_000 }).toEqual([])
    expect((await exchange(stage.port, connectTo('odd.example.com:9000'), headEnds)).seen).toMatch(established)
  })
})
