import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../base/index.ts'
import { openOrigin, type Origin } from './dial.fixture.ts'
import { createHttp1Pool, type AnswerSink, type Http1Pool, type Http1PoolOptions, type OutgoingRequest } from './index.ts'

const opened: { close(): void | Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map(async (one) => await one.close()))
})

async function stage(options: Partial<Http1PoolOptions> = {}): Promise<{ origin: Origin; pool: Http1Pool }> {
  const origin = await openOrigin()
  const pool = createHttp1Pool({ origin: `http://127.0.0.1:${origin.port}`, ...options }, { clock: systemClock })
  opened.push(pool, origin)
  return { origin, pool }
}

const get: OutgoingRequest = { method: 'GET', path: '/a', headers: {}, body: null, headersTimeoutMs: 5_000, bodyTimeoutMs: 5_000 }
const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'

/** Writes down what a sink is told. */
class Notes implements AnswerSink {
  readonly calls: string[] = []
  body = ''
  error: (Error & { code?: string }) | null = null
  readonly over: Promise<void>
  #resolve: () => void = () => {}

  constructor() {
    this.over = new Promise((resolve) => (this.#resolve = resolve))
  }

  sent(): void {
    this.calls.push('sent')
  }

  start(status: number): void {
    this.calls.push(`start ${status}`)
  }

  data(chunk: Buffer): void {
    this.body += chunk.toString()
  }

  end(): void {
    this.calls.push('end')
    this.#resolve()
  }

  fail(error: Error): void {
    this.calls.push('fail')
    this.error = error
    this.#resolve()
  }
}

describe('a call', () => {
  it('is written once, with a host and a length of ours', async () => {
    const { origin, pool } = await stage()
    const notes = new Notes()
    const headers = { 'content-type': 'a/b', host: 'evil', 'content-length': 99, connection: 'x', 'transfer-encoding': 'chunked' }
    pool.send({ ...get, method: 'POST', path: '/v1/x?y=1', headers, body: Buffer.from('{}') }, notes)
    const peer = await origin.peer(0)
    expect(await peer.hears('{}')).toBe(
      `POST /v1/x?y=1 HTTP/1.1\r\nhost: 127.0.0.1:${origin.port}\r\ncontent-type: a/b\r\ncontent-length: 2\r\n\r\n{}`,
    )
    peer.say(ok)
    await notes.over
    expect([notes.calls, notes.body]).toEqual([['sent', 'start 200', 'end'], 'ok'])
  })

  it('uses the connection of the one before', async () => {
    const { origin, pool } = await stage()
    for (const method of ['GET', 'POST', 'HEAD']) {
      const notes = new Notes()
      pool.send({ ...get, method }, notes)
      const peer = await origin.peer(0)
      await peer.hears(`${method} /a`)
      peer.say(method === 'HEAD' ? 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n' : ok)
      await notes.over
      expect(notes.calls).toEqual(['sent', 'start 200', 'end'])
    }
    expect([origin.count(), pool.connections]).toEqual([1, 1])
  })

  it('of several at once gets a connection each, and waits in line beyond the bound', async () => {
    const { origin, pool } = await stage({ maxConnections: 2 })
    const notes = [new Notes(), new Notes(), new Notes(), new Notes()]
    const lines = notes.map((one) => pool.send(get, one))
    lines[2]!.abort()
    const [first, second] = [await origin.peer(0), await origin.peer(1)]
    await Promise.all([first.hears('\r\n\r\n'), second.hears('\r\n\r\n')])
    first.say(ok)
    await first.hears(/GET[^]*GET/)
    first.say(ok)
    second.say(ok)
    await Promise.all([notes[0]!.over, notes[1]!.over, notes[3]!.over])
    expect(notes.map(({ calls }) => calls.at(-1))).toEqual(['end', 'end', undefined, 'end'])
    expect(origin.count()).toBe(2)
  })

  it('whose sink throws fails alone', async () => {
    const { origin, pool } = await stage()
    const notes = new Notes()
    notes.start = () => {
      throw new Error('a mistake of ours')
    }
    pool.send(get, notes)
    ;(await origin.peer(0)).say(ok)
    await notes.over
    expect(notes.error?.message).toBe('a mistake of ours')
  })

  it.each([
    ['a method', { method: 'GET / HTTP/1.1\r\n' }],
    ['a path', { path: '/a b' }],
    ['a path without a slash', { path: 'http://evil/' }],
    ['a field', { headers: { a: 'b\r\nc: d' } }],
    ['a name', { headers: { 'a\r\nb': 'c' } }],
  ])('with %s that would not stay in its line is never written', async (_name, wrong) => {
    const { origin, pool } = await stage()
    const notes = new Notes()
    pool.send({ ...get, ...wrong }, notes)
    expect(notes.calls).toEqual([]) // nothing before send has returned
    await notes.over
    expect([notes.error?.code, origin.count()]).toEqual(['http1.bad-request', 0])
  })
})

describe('an answer', () => {
  it('in chunks arrives without its framing, trailers dropped, hints skipped', async () => {
    const { origin, pool } = await stage()
    const notes = new Notes()
    pool.send(get, notes)
    const peer = await origin.peer(0)
    peer.say('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n')
    peer.say('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n')
    peer.say('3\r\ndef\r\n0\r\nx-trailer: 1\r\n\r\n')
    await notes.over
    expect([notes.calls, notes.body]).toEqual([['sent', 'start 200', 'end'], 'abcdef'])
  })

  it('without a length goes on until the connection ends, which is not used again', async () => {
    const { origin, pool } = await stage()
    const notes = new Notes()
    pool.send(get, notes)
    const peer = await origin.peer(0)
    peer.say('HTTP/1.0 200 OK\r\n\r\nto the')
    peer.say(' end')
    peer.socket.end()
    await notes.over
    expect([notes.calls.at(-1), notes.body, pool.connections]).toEqual(['end', 'to the end', 0])
  })

  it.each([
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 2\r\n\r\nok'],
    ['a list of lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2, 2\r\n\r\nok'],
    ['length and coding', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['another coding', 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n'],
    ['two types', 'HTTP/1.1 200 OK\r\ncontent-type: a/b\r\ncontent-type: text/html\r\ncontent-length: 0\r\n\r\n'],
    ['bare line feeds', 'HTTP/1.1 200 OK\ncontent-length: 2\n\nok'],
    ['a folded field', 'HTTP/1.1 200 OK\r\na: b\r\n c\r\ncontent-length: 2\r\n\r\nok'],
    ['a bad chunk size', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n-1\r\n'],
    ['bytes behind its end', `${ok}HTTP/1.1 200 OK\r\n`],
    ['a body where none may be', 'HTTP/1.1 204 No Content\r\n\r\nok'],
    ['an oversized head', `HTTP/1.1 200 OK\r\na: ${'x'.repeat(70_000)}\r\n\r\n`],
    ['too many fields', `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(200)}\r\n`],
    ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n'],
    ['a hint that is the last', 'HTTP/1.1 103 Early Hints\r\nconnection: close\r\n\r\n'],
    ['a hint with a length', 'HTTP/1.1 103 Early Hints\r\ncontent-length: 2\r\n\r\nok'],
    ['hints without end', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(40)],
    ['HTTP/2', 'HTTP/2 200\r\n\r\n'],
    ['something else', '220 smtp.example ESMTP\r\n\r\n'],
  ])('with %s fails, and the connection is not used again', async (_name, text) => {
    const { origin, pool } = await stage()
    const notes = new Notes()
    pool.send(get, notes)
    const peer = await origin.peer(0)
    await peer.hears('\r\n\r\n')
    peer.say(text)
    await notes.over
    expect([notes.error?.code, pool.connections]).toEqual(['http1.bad-answer', 0])
  })

  it.each([
    ['before it began', ''],
    ['in its head', 'HTTP/1.1 200 OK\r\n'],
    ['before its length', 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nok'],
    ['before its last chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n'],
  ])('that breaks off %s fails, and the request is not written again', async (_name, text) => {
    const { origin, pool } = await stage()
    const notes = new Notes()
    pool.send(get, notes)
    const peer = await origin.peer(0)
    await peer.hears('\r\n\r\n')
    peer.socket.end(text)
    await notes.over
    expect([notes.error?.code, origin.count()]).toEqual(['http1.broken-off', 1])
  })

  it('that is not asked for closes the idle connection, and the next call does not get it', async () => {
    const { origin, pool } = await stage()
    const first = new Notes()
    pool.send(get, first)
    const peer = await origin.peer(0)
    peer.say(ok)
    await first.over
    peer.say('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged')
    await peer.closed
    const second = new Notes()
    pool.send(get, second)
    ;(await origin.peer(1)).say(ok)
    await second.over
    expect([second.body, pool.connections]).toEqual(['ok', 1])
  })

  it('that came before the request was written whole ends its connection', async () => {
    const { origin, pool } = await stage()
    const notes = new Notes()
    pool.send({ ...get, method: 'POST', body: Buffer.alloc(50_000_000) }, notes)
    const peer = await origin.peer(0)
    peer.socket.pause()
    peer.say('HTTP/1.1 413 Content Too Large\r\ncontent-length: 0\r\n\r\n')
    await notes.over
    expect([notes.calls.at(-1), pool.connections]).toEqual(['end', 0])
  })
})

describe('an idle connection', () => {
  it('the origin has closed is replaced', async () => {
    const { origin, pool } = await stage()
    for (let turn = 0; turn < 2; turn++) {
      const notes = new Notes()
      pool.send(get, notes)
      const peer = await origin.peer(turn)
      peer.say(ok)
      await notes.over
      expect(notes.body).toBe('ok')
      peer.socket.end()
      while (pool.connections > 0) await new Promise((resolve) => setImmediate(resolve))
    }
  })

  it.each([
    ['connection: close', ok.replace('\r\n\r\n', '\r\nConnection: Close\r\n\r\n')],
    ['HTTP/1.0', ok.replace('1.1', '1.0')],
  ])('is none behind an answer that is the last (%s)', async (_name, answer) => {
    const { origin, pool } = await stage()
    const notes = new Notes()
    pool.send(get, notes)
    ;(await origin.peer(0)).say(answer)
    await notes.over
    expect(pool.connections).toBe(0)
  })

  it('that breaks harms nobody', async () => {
    const { origin, pool } = await stage()
    const notes = new Notes()
    pool.send(get, notes)
    const peer = await origin.peer(0)
    peer.say(ok)
    await notes.over
    peer.socket.resetAndDestroy()
    while (pool.connections > 0) await new Promise((resolve) => setImmediate(resolve))
    expect(pool.connections).toBe(0)
  })

  it.each([
    ['keepAliveMs', { keepAliveMs: 20 }, ok],
    ['connection: close', {}, ok.replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n')],
    ['keep-alive: timeout=1, from which a second is taken', {}, ok.replace('\r\n\r\n', '\r\nkeep-alive: timeout=1, max=9\r\n\r\n')],
  ])('is closed by us as %s says', async (_name, options, answer) => {
    const { origin, pool } = await stage(options)
    const notes = new Notes()
    pool.send(get, notes)
    const peer = await origin.peer(0)
    peer.say(answer)
    await notes.over
    await peer.closed
    expect([notes.body, pool.connections]).toEqual(['ok', 0])
  })
})

describe('a line', () => {
  it('that is aborted closes the connection to the origin, and says nothing more', async () => {
    const { origin, pool } = await stage()
    const notes = new Notes()
    const line = pool.send(get, notes)
    const peer = await origin.peer(0)
    await peer.hears('\r\n\r\n')
    peer.say('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n')
    while (notes.body === '') await new Promise((resolve) => setImmediate(resolve))
    line.abort()
    line.abort()
    await peer.closed
    expect([notes.calls, pool.connections]).toEqual([['sent', 'start 200'], 0])
  })

  it('aborted before its connection stands is never sent', async () => {
    const { pool } = await stage()
    const notes = new Notes()
    pool.send(get, notes).abort()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect([notes.calls, pool.connections]).toEqual([[], 0])
  })

  it('that is paused slows the origin down', async () => {
    const { origin, pool } = await stage()
    const notes = new Notes()
    const line = pool.send(get, notes)
    line.pause()
    line.resume()
    const peer = await origin.peer(0)
    peer.say('HTTP/1.1 200 OK\r\ncontent-length: 10000000\r\n\r\n')
    while (notes.calls.length < 2) await new Promise((resolve) => setImmediate(resolve))
    line.pause()
    peer.say(Buffer.alloc(10_000_000, 'x'))
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(notes.body.length).toBeLessThan(10_000_000)
    expect(peer.socket.writableLength).toBeGreaterThan(0)
    line.resume()
    await notes.over
    expect([notes.calls.at(-1), notes.body.length]).toEqual(['end', 10_000_000])
  })

  it('that is paused does not hold our own silence against the origin', async () => {
    const { origin, pool } = await stage()
    const notes = new Notes()
    notes.start = () => line.pause()
    const line = pool.send({ ...get, bodyTimeoutMs: 20 }, notes)
    const peer = await origin.peer(0)
    peer.say('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n')
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(notes.calls).toEqual(['sent'])
    line.resume()
    await notes.over
    expect(notes.error?.code).toBe('http1.timeout') // from here on it counts again
  })
})

describe('silence', () => {
  it.each([
    ['before the answer', ''],
    ['in its head, byte by byte', 'HTTP/1.1 200 OK\r\nx: '],
    ['in its body', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx'],
  ])('%s fails the call in time', async (_name, text) => {
    const { origin, pool } = await stage()
    const notes = new Notes()
    pool.send({ ...get, headersTimeoutMs: 40, bodyTimeoutMs: 40 }, notes)
    const peer = await origin.peer(0)
    peer.say(text)
    const dribble = setInterval(() => text.endsWith(' ') && peer.say('y'), 5)
    await notes.over
    clearInterval(dribble)
    expect([notes.error?.code, pool.connections]).toEqual(['http1.timeout', 0])
  })

  it('in the line for a connection fails the call in time', async () => {
    const { pool } = await stage({ maxConnections: 1 })
    const notes = new Notes()
    pool.send(get, new Notes())
    pool.send({ ...get, headersTimeoutMs: 30 }, notes)
    await notes.over
    expect([notes.error?.code, notes.calls]).toEqual(['http1.timeout', ['fail']])
  })
})

describe('an origin', () => {
  it('nobody listens at is told as such', async () => {
    const { origin, pool } = await stage()
    await origin.close()
    const notes = new Notes()
    pool.send(get, notes)
    await notes.over
    expect([notes.error?.code, notes.calls]).toEqual(['http1.connect-failed', ['fail']])
  })

  it.each(['ftp://a', 'http://a/path', 'http://u:p@a', 'http://a?b', 'a', ''])('%s is refused', (origin) => {
    expect(() => createHttp1Pool({ origin }, { clock: systemClock })).toThrow(
      expect.objectContaining({ code: 'http1.bad-origin', message: expect.not.stringContaining('u:p') }),
    )
  })
})

describe('closing', () => {
  it('fails what is under way and in line, and everything that comes', async () => {
    const { origin, pool } = await stage({ maxConnections: 1 })
    const notes = [new Notes(), new Notes(), new Notes()]
    pool.send(get, notes[0]!)
    pool.send(get, notes[1]!)
    await (await origin.peer(0)).hears('\r\n\r\n')
    pool.close()
    pool.close()
    pool.send(get, notes[2]!)
    await Promise.all(notes.map(({ over }) => over))
    expect(notes.map(({ error }) => error?.code)).toEqual(Array(3).fill('http1.closed'))
    expect(pool.connections).toBe(0)
  })
})
