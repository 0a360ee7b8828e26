import { createServer as createTlsServer } from 'node:tls'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../base/index.ts'
import { selfSigned } from './certificate.fixture.ts'
import { giveBack } from './give-back.ts'
import { IncomingBody } from './incoming-body.ts'
import { createHttp1Pool } from './index.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

const { key, cert } = selfSigned('provider.example')
const segment = (fill: number, length = 65_536): Buffer => Buffer.alloc(length, fill)

describe('memory that is given back', () => {
  it('is gone at once, and whoever still holds it finds nothing', () => {
    const bytes = segment(65)
    giveBack(bytes)
    expect([bytes.length, bytes.buffer.byteLength]).toEqual([0, 0])
  })

  it('is never a part of another one: of a pool, or of what somebody cut up', () => {
    const whole = segment(65)
    const parts = [whole.subarray(0, 40_000), Buffer.from('from the pool'), segment(66, 1_000)]
    for (const part of parts) giveBack(part)
    expect(parts.map(({ length }) => length)).toEqual([40_000, 13, 1_000])
    expect(whole.every((byte) => byte === 65)).toBe(true)
  })
})

describe('segments of a body', () => {
  it('are given back once they are copied, and the body is what came', async () => {
    const segments = [segment(65, 1_000), segment(66), segment(67), segment(68, 20_000)]
    const expected = Buffer.concat(segments)
    const body = new IncomingBody(expected.length)
    const read = body.read(1_000_000)
    for (const one of segments) body.take(one)
    expect(expected.equals((await read) as Buffer)).toBe(true)
    expect(segments.map(({ length }) => length)).toEqual([1_000, 0, 0, 0])
  })

  it('stay when one of them is the whole body, or has more behind the body', async () => {
    const alone = segment(65)
    const one = new IncomingBody(alone.length)
    one.take(alone)
    expect((await one.read(1_000_000)) as Buffer).toBe(alone)
    const shared = Buffer.concat([segment(66), Buffer.from('GET / HTTP/1.1')])
    const two = new IncomingBody(1_000 + 65_536)
    two.take(segment(65, 1_000))
    expect(shared.subarray(two.take(shared)).toString()).toBe('GET / HTTP/1.1')
  })
})

type Secure = 'plain' | 'TLS'

/** An origin that begins to answer before it reads. */
async function openHasty(secure: Secure): Promise<{ port: number; heard: Promise<Buffer> }> {
  let port = 0
  const heard = new Promise<Buffer>((resolve) => {
    const serve = (socket: Socket): void => {
      const pieces: Buffer[] = []
      socket.on('error', () => socket.destroy()).pause()
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nearly\r\n')
      void wait(150).then(() => socket.on('data', (piece) => take(piece)).resume())
      let left = bodyBytes
      const take = (piece: Buffer): void => {
        // The head stands in the first segment, whole.
        const begin = pieces.length === 0 ? piece.indexOf('\r\n\r\n') + 4 : 0
        pieces.push(piece.subarray(begin))
        left -= piece.length - begin
        if (left > 0) return
        resolve(Buffer.concat(pieces))
        socket.end('0\r\n\r\n')
      }
    }
    const server = secure === 'TLS' ? createTlsServer({ key, cert, ALPNProtocols: ['http/1.1'] }, serve) : createServer(serve)
    servers.push(server)
    server.listen(0, '127.0.0.1', () => (port = (server.address() as AddressInfo).port))
  })
  while (port === 0) await wait(1)
  return { port, heard }
}

// More than the kernel takes of a peer that does not read.
const bodyBytes = 16 * 1024 * 1024

describe('the body of a request', () => {
  const send = (origin: string, body: Buffer): { over: Promise<string>; started: Promise<void> } => {
    const tls = origin.startsWith('https') ? { tls: { ca: cert, servername: 'provider.example' } } : {}
    const pool = createHttp1Pool({ origin, ...tls }, { clock: systemClock })
    const request = { method: 'POST', path: '/', headers: {}, body, headersTimeoutMs: 20_000, bodyTimeoutMs: 20_000 }
    let start = (): void => {}
    const started = new Promise<void>((resolve) => (start = resolve))
    const over = new Promise<string>((resolve) => {
      let said = ''
      pool.send(request, { sent: () => {}, start: () => start(), data: (chunk) => (said += chunk.toString()), end: () => resolve(said), fail: (error) => resolve(error.message) })
    }).finally(() => pool.close())
    return { over, started }
  }

  it.each(['plain', 'TLS'] as const)('is not given back while the origin, %s, answers and has yet to read it', async (secure) => {
    const body = Buffer.allocUnsafeSlow(bodyBytes)
    const numbers = new Uint32Array(body.buffer)
    for (let at = 0; at < numbers.length; at++) numbers[at] = at
    const expected = Buffer.from(body)
    const { port, heard } = await openHasty(secure)
    const { over, started } = send(`${secure === 'TLS' ? 'https' : 'http'}://127.0.0.1:${port}`, body)
    await started
    // Would be written over here if it had been given back.
    const others = Array.from({ length: 8 }, (_, fill) => Buffer.alloc(bodyBytes, fill))
    expect(expected.equals(await heard)).toBe(true)
    expect(await over).toBe('early')
    expect(others).toHaveLength(8)
  })

  it('is given back when the origin has read it and answers', async () => {
    const body = segment(65, 262_144)
    const server = createServer((socket) => {
      let left = body.length + 1
      socket.on('data', (piece) => {
        left -= piece.length
        if (left <= 0) socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
      })
    })
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    expect(await send(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, body).over).toBe('ok')
    expect(body).toHaveLength(0)
  })
})
