import { afterEach, describe, expect, it } from 'vitest'
import { closeAll, closers, connectTo, echo, established, httpOrigin, open, startTls, tlsOrigin } from './origins.fixture.ts'
import { closingEntry, exchange, headEnds, listenLocal, openStage, stageRules } from './stage.fixture.ts'

afterEach(closeAll)

describe('a tunnel to 443', () => {
  it('carries TLS for the host it was opened for, to the address that was judged', async () => {
    const stage = await open({ origin: await tlsOrigin() })
    const { seen, socket } = await exchange(stage.port, connectTo('api.example.com:443'), headEnds)
    expect(seen).toMatch(established)
    expect(await startTls(socket, 'api.example.com')).toBe('over tls')
    expect(stage.dialled).toEqual(['93.184.216.34:443'])
    const closing = await closingEntry(stage.entries)
    expect(closing).toMatchObject({
      event_type: 'egress_request',
      target: 'api.example.com:443',
      decision: 'allow',
      status: 200,
      peer: '127.0.0.1',
    })
    expect(closing.bytes_in).toBeGreaterThan(100)
    expect(closing.bytes_out).toBeGreaterThan(50)
    expect(stage.entries[0]).toMatchObject({ decision: 'allow', rule: 'egress.allowed-host', visit: closing.visit })
  })

  it.each([
    ['another server name', 'egress.sni-mismatch', 'evil.example'],
    ['no server name', 'egress.no-sni', undefined],
  ])('refuses %s with a TLS alert and sends nothing on', async (_, rule, servername) => {
    let heard = 0
    const origin = await listenLocal((socket) => socket.on('data', (chunk) => (heard += chunk.length)))
    closers.push(origin.close)
    const stage = await open({ origin: origin.port })
    const { socket } = await exchange(stage.port, connectTo('api.example.com:443'), headEnds)
    expect(await startTls(socket, servername)).toMatch(/alert/)
    expect(await closingEntry(stage.entries)).toMatchObject({ decision: 'deny', rule, status: 403 })
    expect(heard).toBe(0)
  })

  it('refuses anything that is not TLS', async () => {
    const stage = await open({ origin: await echo() })
    const { seen, socket } = await exchange(stage.port, connectTo('api.example.com:443'), headEnds)
    expect(seen).toMatch(established)
    socket.write('GET / HTTP/1.1\r\nHost: api.example.com\r\n\r\n')
    await new Promise((resolve) => socket.on('close', resolve).resume())
    expect(await closingEntry(stage.entries)).toMatchObject({ decision: 'deny', rule: 'egress.not-tls' })
  })

  it('refuses a ClientHello whose inner lengths lie', async () => {
    const stage = await open({ origin: await echo() })
    const { socket } = await exchange(stage.port, connectTo('api.example.com:443'), headEnds)
    socket.write(Buffer.from([0x16, 0x03, 0x01, 0x00, 0x06, 0x01, 0xff, 0xff, 0xff, 0x03, 0x03]))
    await new Promise((resolve) => socket.on('close', resolve).resume())
    expect(await closingEntry(stage.entries)).toMatchObject({ decision: 'deny', rule: 'egress.bad-client-hello' })
  })
})

describe('a tunnel to 80', () => {
  it('carries HTTP for its host, as OpenClaw sends it, one request', async () => {
    const { port, heads } = await httpOrigin()
    const stage = await open({ origin: port })
    const request = 'GET /x?y=1 HTTP/1.1\r\nHost: api.example.com\r\n\r\n'
    const { seen } = await exchange(stage.port, connectTo('api.example.com:80') + request + request)
    expect(seen).toMatch(established)
    expect(seen.split('got ')).toHaveLength(2)
    expect(heads).toEqual([['GET /x?y=1', 'Host', 'api.example.com', 'Connection', 'close']])
    expect(stage.dialled).toEqual(['93.184.216.34:80'])
    const closing = await closingEntry(stage.entries)
    expect(closing).toMatchObject({ decision: 'allow', status: 200, detail: { method: 'GET', address: '93.184.216.34' } })
    expect(JSON.stringify(stage.entries)).not.toContain('y=1')
  })

  it.each([
    ['another host', 'GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n', 'egress.host-mismatch'],
    ['two hosts', 'GET / HTTP/1.1\r\nHost: api.example.com\r\nHost: evil.example\r\n\r\n', 'egress.bad-request-head'],
    ['no host', 'GET / HTTP/1.1\r\nX: y\r\n\r\n', 'egress.bad-request-head'],
    [
      'an absolute target',
      'GET http://evil.example/ HTTP/1.1\r\nHost: api.example.com\r\n\r\n',
      'egress.bad-request-head',
    ],
    [
      'a folded header',
      'GET / HTTP/1.1\r\nHost: api.example.com\r\nX: y\r\n Host: evil.example\r\n\r\n',
      'egress.bad-request-head',
    ],
    ['something else', '\u0000\u0001binary', 'egress.not-http'],
  ])('refuses %s in the words of HTTP', async (_, request, rule) => {
    const stage = await open({ origin: await echo() })
    const { seen } = await exchange(stage.port, connectTo('api.example.com:80') + request, (text) =>
      text.includes('403'),
    )
    expect(seen).toContain(`x-hardshell-rule: ${rule}`)
    expect(await closingEntry(stage.entries)).toMatchObject({ decision: 'deny', rule })
  })
})

it('a tunnel to a port that is written out with protocol tcp carries anything, and survives a half-closed end', async () => {
  const origin = await listenLocal((socket) => socket.on('end', () => socket.end('said after your end')).resume())
  closers.push(origin.close)
  const stage = await open({ origin: origin.port })
  const { socket } = await exchange(stage.port, connectTo('odd.example.com:9000'), headEnds)
  const answer = new Promise((resolve) => socket.once('data', (chunk) => resolve(String(chunk))))
  socket.end('hello')
  expect(await answer).toBe('said after your end')
  expect(await closingEntry(stage.entries)).toMatchObject({ decision: 'allow', bytes_in: 5 })
})

describe('nobody gets out', () => {
  it.each([
    ['who is not listed', 'evil.example:443', 403, 'egress.not-listed'],
    ['to a port that is not listed', 'api.example.com:22', 403, 'egress.port'],
    ['above the wildcard', 'wild.example.com:443', 403, 'egress.not-listed'],
    ['with a target that cannot be read', 'user@api.example.com:443', 400, 'egress.bad-target'],
  ])('%s', async (_, authority, status, rule) => {
    const stage = await open()
    const { seen } = await exchange(stage.port, connectTo(authority))
    expect(seen).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(seen).toContain(`x-hardshell-rule: ${rule}`)
    const closing = await closingEntry(stage.entries)
    expect(seen).toContain(`x-hardshell-visit: ${closing.visit}`)
    expect(closing).toMatchObject({ decision: 'deny', rule, status })
    expect(JSON.stringify(closing)).not.toContain('user@')
    expect([stage.dialled, stage.resolved]).toEqual([[], []])
  })

  it('whose name leads to a private address', async () => {
    const stage = await open({ answers: [['10.0.0.7']] })
    const { seen } = await exchange(stage.port, connectTo('api.example.com:443'))
    expect(seen).toContain('x-hardshell-rule: egress.private-address')
    expect(stage.dialled).toEqual([])
  })

  it('by naming a private address that is listed but not allowed to be private', async () => {
    const stage = await open({ rules: { allowedHosts: ['169.254.169.254'] } })
    const { seen } = await exchange(stage.port, connectTo('0xA9FEA9FE:80'))
    expect(seen).toContain('x-hardshell-rule: egress.private-address')
    expect(stage.resolved).toEqual([])
  })

  it('by rebinding: the name is looked up once, and the judged address is the one dialled', async () => {
    const stage = await open({ origin: await echo(), answers: [['93.184.216.34'], ['127.0.0.1'], ['127.0.0.1']] })
    const { seen } = await exchange(stage.port, connectTo('odd.example.com:9000'), headEnds)
    expect(seen).toMatch(established)
    expect(stage.resolved).toEqual(['odd.example.com'])
    expect(stage.dialled).toEqual(['93.184.216.34:9000'])
  })

  it('while the switch is off, which is asked before anything else', async () => {
    const decide = (): { allow: boolean; rule: string; reason: string } => ({
      allow: false,
      rule: 'kill-switch.paused',
      reason: 'all agents are paused',
    })
    const stage = await open({ ports: { decide } })
    const { seen } = await exchange(stage.port, connectTo('api.example.com:443'))
    expect(seen).toContain('all agents are paused')
    expect(await closingEntry(stage.entries)).toMatchObject({ rule: 'kill-switch.paused', status: 403 })
    expect(stage.resolved).toEqual([])
  })

  it('while the log cannot be written', async () => {
    const fail = (): never => {
      throw new Error('disk full')
    }
    const stage = await open({ ports: { audit: { append: fail, write: fail, writeThisTurn: fail, note: fail } } })
    const { seen } = await exchange(stage.port, connectTo('api.example.com:443'))
    expect(seen).toContain('x-hardshell-rule: egress.log-unavailable')
    expect(stage.dialled).toEqual([])
  })

  it('when the name has no address, or nobody answers there', async () => {
    const lost = await open({ ports: { resolve: () => Promise.reject(new Error('ENOTFOUND')) } })
    expect((await exchange(lost.port, connectTo('api.example.com:443'))).seen).toContain('egress.unresolved')
    const gone = await echo()
    closers.pop()?.call(null)
    const dead = await open({ origin: gone })
    expect((await exchange(dead.port, connectTo('api.example.com:443'))).seen).toContain('egress.unreachable')
  })
})

describe('a plain request', () => {
  it('reaches the origin in origin-form, without the headers of the proxy', async () => {
    const { port, heads } = await httpOrigin()
    const stage = await open({ origin: port })
    const head =
      'POST http://api.example.com/p?q=1 HTTP/1.1\r\nHost: api.example.com\r\nProxy-Connection: keep-alive\r\n'
    const { seen } = await exchange(
      stage.port,
      `${head}Connection: X-Hop, close\r\nX-Hop: 1\r\nX-Kept: 1\r\nContent-Length: 2\r\n\r\nhi`,
    )
    expect(seen).toMatch(/^HTTP\/1\.1 200 /)
    expect(seen).toContain('got hi')
    expect(seen).toContain('x-outer: 2')
    expect(seen).not.toContain('x-inner: 1')
    expect(heads[0]).toEqual([
      'POST /p?q=1',
      'Host',
      'api.example.com',
      'X-Kept',
      '1',
      'Content-Length',
      '2',
      'Connection',
      'close',
    ])
    expect(await closingEntry(stage.entries)).toMatchObject({
      decision: 'allow',
      status: 200,
      target: 'api.example.com:80',
      bytes_in: 2,
    })
  })

  it('keeps the framing of a chunked GET, so that its body is no second request', async () => {
    const { port, heads } = await httpOrigin()
    const stage = await open({ origin: port })
    const smuggled = 'GET /admin HTTP/1.1\r\nHost: api.example.com\r\n\r\n'
    const head =
      'GET http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\nConnection: close\r\n' +
      'Transfer-Encoding: chunked\r\n\r\n'
    await exchange(stage.port, `${head}${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`)
    expect(heads.map(([line]) => line)).toEqual(['GET /'])
  })

  it.each([
    ['origin-form', 'GET / HTTP/1.1\r\nHost: api.example.com', 400, 'egress.bad-target'],
    ['https', 'GET https://api.example.com/ HTTP/1.1\r\nHost: api.example.com', 400, 'egress.bad-target'],
    [
      'a Host header of somebody else',
      'GET http://api.example.com/ HTTP/1.1\r\nHost: evil.example',
      400,
      'egress.host-mismatch',
    ],
    [
      'port 443 in the clear',
      'GET http://api.example.com:443/ HTTP/1.1\r\nHost: api.example.com:443',
      403,
      'egress.not-tls',
    ],
    ['an unlisted host', 'GET http://evil.example/ HTTP/1.1\r\nHost: evil.example', 403, 'egress.not-listed'],
  ])('is refused for %s', async (_, head, status, rule) => {
    const stage = await open()
    const { seen } = await exchange(stage.port, `${head}\r\n\r\n`)
    expect(seen).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(await closingEntry(stage.entries)).toMatchObject({ decision: 'deny', rule, status })
    expect(stage.dialled).toEqual([])
  })
})

describe('whoever runs the proxy', () => {
  it('sees what is open and can cut it', async () => {
    const stage = await open({ origin: await echo() })
    const { socket } = await exchange(stage.port, connectTo('odd.example.com:9000'), headEnds)
    expect(stage.proxy.active()).toMatchObject([{ host: 'odd.example.com', port: 9000, peer: '127.0.0.1' }])
    const closed = new Promise((resolve) => socket.on('close', resolve).resume())
    expect(stage.proxy.cut(({ host }) => host === 'elsewhere.example', 'no')).toBe(0)
    expect(stage.proxy.cut(({ host }) => host === 'odd.example.com', 'proof is stale')).toBe(1)
    await closed
    expect(await closingEntry(stage.entries)).toMatchObject({
      decision: 'deny',
      rule: 'egress.cut',
      reason: 'proof is stale',
    })
    expect(stage.proxy.active()).toEqual([])
  })

  it('can change the lists, which ends what they no longer allow and keeps the rest', async () => {
    const stage = await open({ origin: await echo() })
    const first = await exchange(stage.port, connectTo('odd.example.com:9000'), headEnds)
    const closed = new Promise((resolve) => first.socket.on('close', resolve).resume())
    expect(() => stage.proxy.setRules({ ...stageRules, allowedHosts: ['*'] })).toThrow(/cannot read/)
    expect(stage.proxy.active()).toHaveLength(1)
    stage.proxy.setRules({ ...stageRules, allowedHosts: ['api.example.com'] })
    await closed
    expect((await exchange(stage.port, connectTo('odd.example.com:9000'))).seen).toContain('egress.not-listed')
  })

  it('can limit how much one connection carries', async () => {
    const stage = await open({ origin: await echo(), limits: { maxBytesPerConnection: 1000 } })
    const { socket } = await exchange(stage.port, connectTo('odd.example.com:9000'), headEnds)
    const closed = new Promise((resolve) =>
      socket
        .on('close', resolve)
        .on('error', () => undefined)
        .resume(),
    )
    socket.write(Buffer.alloc(2000))
    await closed
    expect(await closingEntry(stage.entries)).toMatchObject({ decision: 'deny', rule: 'egress.too-many-bytes' })
  })

  it('is told when the port is taken', async () => {
    const stage = await open()
    const again = openStage({ at: stage.port })
    await expect(again).rejects.toMatchObject({ code: 'egress.listen-failed' })
  })
})
