import type { AddressInfo } from 'node:net'
import { createServer, type Server, type TLSSocket, type TlsOptions } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../base/index.ts'
import { selfSigned } from './certificate.fixture.ts'
import { createHttp1Pool, type Http1PoolOptions } from './index.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

const { key, cert } = selfSigned('provider.example')

/** An origin that answers everybody with `ok`, and what it learned of its clients. */
async function openOrigin(options: TlsOptions = {}): Promise<{ port: number; clients: TLSSocket[] }> {
  const clients: TLSSocket[] = []
  const server = createServer({ key, cert, ALPNProtocols: ['http/1.1'], ...options }, (socket) => {
    clients.push(socket)
    socket.on('error', () => socket.destroy())
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'))
  })
  server.on('tlsClientError', () => {})
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as AddressInfo).port, clients }
}

/** Calls twice over one pool. @returns what came back, or the error */
async function call(port: number, tls: Http1PoolOptions['tls']): Promise<string> {
  const pool = createHttp1Pool({ origin: `https://127.0.0.1:${port}`, tls, connectTimeoutMs: 5_000 }, { clock: systemClock })
  const once = (): Promise<string> =>
    new Promise((resolve) => {
      let body = ''
      const request = { method: 'GET', path: '/', headers: {}, body: null, headersTimeoutMs: 5_000, bodyTimeoutMs: 5_000 }
      pool.send(request, {
        sent: () => {},
        start: () => {},
        data: (chunk) => (body += chunk.toString()),
        end: () => resolve(body),
        fail: (error) => resolve(`${(error as { code?: string }).code}: ${error.message}`),
      })
    })
  const results = [await once(), await once()]
  pool.close()
  return [...new Set(results)].join()
}

describe('an origin over TLS', () => {
  it('with a certificate we trust, for the name we ask for, is used, and its connection used again', async () => {
    const { port, clients } = await openOrigin()
    expect(await call(port, { ca: cert, servername: 'provider.example' })).toBe('ok')
    expect(clients).toHaveLength(1)
    expect([(clients[0] as { servername?: string | false }).servername, clients[0]!.alpnProtocol]).toEqual(['provider.example', 'http/1.1'])
  })

  it.each([
    ['nobody vouches for', { servername: 'provider.example' }, /its certificate is self-signed/],
    ['is for another name', { ca: cert, servername: 'other.example' }, /for another name/],
    ['is for a name where we ask for an address', { ca: cert }, /for another name/],
  ])('whose certificate %s is refused, and never sees the request', async (_name, tls, reason) => {
    const { port } = await openOrigin()
    const answer = await call(port, tls)
    expect(answer).toMatch(/^http1\.connect-failed/)
    expect(answer).toMatch(reason)
  })

  it('is verified whatever the environment says', async () => {
    const { port } = await openOrigin()
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
    try {
      expect(await call(port, { servername: 'provider.example' })).toMatch(/^http1\.connect-failed/)
    } finally {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before
    }
  })

  it('hears the name it is called by, and no name for an address', async () => {
    const named = selfSigned('localhost')
    const { port, clients } = await openOrigin(named)
    const pool = createHttp1Pool({ origin: `https://localhost:${port}`, tls: { ca: named.cert } }, { clock: systemClock })
    await new Promise((resolve) => {
      const request = { method: 'GET', path: '/', headers: {}, body: null, headersTimeoutMs: 5_000, bodyTimeoutMs: 5_000 }
      pool.send(request, { sent: () => {}, start: () => {}, data: () => {}, end: () => resolve(null), fail: resolve })
    })
    pool.close()
    expect((clients[0] as { servername?: string | false }).servername).toBe('localhost')
  })

  it('that only speaks TLS 1.1 is refused', async () => {
    const { port } = await openOrigin({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })
    expect(await call(port, { ca: cert, servername: 'provider.example' })).toMatch(/^http1\.connect-failed/)
  })
})
