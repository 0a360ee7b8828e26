import { connect, createServer, type AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { connect as tlsConnect, type ConnectionOptions } from 'node:tls'
import { getExtensionData, readTlsClientHello } from 'read-tls-client-hello'
import { describe, expect, it } from 'vitest'
import { helloProgress, readServerName } from './client-hello.ts'
import { helloWith, nameList } from './hello.fixture.ts'

/** What OpenSSL really sends. */
function helloOf(options: ConnectionOptions): Promise<Buffer> {
  return new Promise((resolve) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined).once('data', (bytes) => {
        resolve(bytes)
        socket.destroy()
        server.close()
      })
    })
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      tlsConnect({ ...options, socket: connect(port, '127.0.0.1') }).on('error', () => undefined)
    })
  })
}

describe('the server name of a ClientHello', () => {
  it.each([
    ['of TLS 1.3', { servername: 'api.example.com' }],
    ['of TLS 1.2', { servername: 'a.b.example', maxVersion: 'TLSv1.2' }],
    ['with ALPN', { servername: 'x.example', ALPNProtocols: ['h2', 'http/1.1'] }],
    ['without a name', {}],
  ] as const)('%s is what an independent reader finds', async (_, options) => {
    const bytes = await helloOf({ ...options } as ConnectionOptions)
    const theirs = getExtensionData(await readTlsClientHello(Readable.from([bytes], { objectMode: false })), 'sni')?.serverName
    expect(helloProgress(bytes)).toBe('done')
    expect(readServerName(bytes)).toEqual(theirs === undefined ? { kind: 'absent', ech: false } : { kind: 'name', name: theirs, ech: false })
  })

  it('is absent where there are no extensions at all', () => {
    expect(readServerName(helloWith([], { legacy: true }))).toEqual({ kind: 'absent', ech: false })
  })

  it('is told to be hidden where ECH or ESNI comes with it', () => {
    expect(readServerName(helloWith([[0, nameList('public.example')], [0xfe0d, Buffer.from([0])]]))).toEqual({ kind: 'name', name: 'public.example', ech: true })
    expect(readServerName(helloWith([[0xffce, Buffer.from([0])]]))).toEqual({ kind: 'absent', ech: true })
  })

  it.each([
    ['two names', helloWith([[0, nameList('a.example', 'b.example')]])],
    ['the extension twice', helloWith([[0, nameList('a.example')], [0, nameList('b.example')]])],
    ['an empty name', helloWith([[0, nameList('')]])],
    ['a name with a NUL', helloWith([[0, nameList('a.example\0.b.example')]])],
    ['bytes behind the extensions', helloWith([[0, nameList('a.example')]], { extra: Buffer.from('x') })],
    ['a name list that promises more', helloWith([[0, Buffer.from([0, 20, 0, 0, 3, 97, 98, 99])]])],
    ['another kind of name', helloWith([[0, Buffer.from([0, 4, 1, 0, 1, 97])]])],
  ])('cannot be read with %s', (_, bytes) => {
    expect(readServerName(bytes)).toEqual({ kind: 'unreadable' })
  })

  it('cannot be read when the hello is cut over two records, or anything is missing from it', () => {
    const whole = helloWith([[0, nameList('api.example.com')]])
    for (let end = 6; end < whole.length; end++) {
      const cut = Buffer.from(whole.subarray(0, end))
      cut.writeUInt16BE(end - 5, 3)
      expect(helloProgress(cut)).toBe('done')
      expect(readServerName(cut), `${end} bytes`).toEqual({ kind: 'unreadable' })
    }
  })

  it('never takes long and never throws, whatever one byte says', () => {
    const whole = helloWith([[10, Buffer.alloc(4)], [0, nameList('api.example.com')], [43, Buffer.alloc(3)]])
    for (let at = 5; at < whole.length; at++) {
      for (const value of [0, 1, 0x7f, 0xff]) {
        const changed = Buffer.from(whole)
        changed[at] = value
        expect(['name', 'absent', 'unreadable']).toContain(readServerName(changed).kind)
      }
    }
  })
})

it('a record that is no handshake, of no TLS, or longer than one may be, is bad at once', () => {
  for (const bytes of [[0x15], [0x16, 0x02], [0x80, 0x2e], [0x16, 3, 1, 0x40, 1], [0x16, 3, 1, 0xff, 0xff]]) expect(helloProgress(Buffer.from(bytes))).toBe('bad')
  expect(helloProgress(Buffer.from([0x16, 3, 1, 0x40, 0]))).toBe('more')
})
