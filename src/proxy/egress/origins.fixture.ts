import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { createServer as createTlsServer, connect as tlsConnect, type TLSSocket } from 'node:tls'
import { listenLocal, openStage, type Stage } from './stage.fixture.ts'

/** What a test has to close when it is over. */
export const closers: (() => unknown)[] = []

export async function closeAll(): Promise<void> {
  for (const close of closers.splice(0)) await close()
}

/** A stage that is closed with the test. */
export async function open(...more: Parameters<typeof openStage>): Promise<Stage> {
  const stage = await openStage(...more)
  closers.push(() => stage.proxy.close())
  return stage
}

/** Says back what it hears. */
export async function echo(): Promise<number> {
  const local = await listenLocal((socket) => socket.pipe(socket))
  closers.push(local.close)
  return local.port
}

/** Answers HTTP, and keeps the heads it was sent. */
export async function httpOrigin(): Promise<{ port: number; heads: string[][] }> {
  const heads: string[][] = []
  const server = createHttpServer((request, response) => {
    heads.push([`${request.method} ${request.url}`, ...request.rawHeaders])
    let body = ''
    request
      .on('data', (chunk) => (body += chunk))
      .on('end', () => {
        response.writeHead(200, { connection: 'x-inner', 'x-inner': '1', 'x-outer': '2' })
        response.end(`got ${body}`)
      })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => server.close())
  return { port: (server.address() as AddressInfo).port, heads }
}

// Pre-shared keys: TLS without a certificate to keep in the repository.
const psk = Buffer.from('0123456789abcdef0123456789abcdef')
const pskTls = { ciphers: 'PSK-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' as const }

/** Says `over tls` and hangs up. */
export async function tlsOrigin(): Promise<number> {
  const server = createTlsServer({ ...pskTls, pskCallback: () => psk }, (socket) => socket.end('over tls'))
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => server.close())
  return (server.address() as AddressInfo).port
}

/** Speaks TLS through a tunnel. @returns the first words, or what went wrong */
export function startTls(socket: Socket, servername?: string): Promise<string> {
  return new Promise((resolve) => {
    const client: TLSSocket = tlsConnect({
      ...pskTls,
      socket,
      ...(servername !== undefined && { servername }),
      pskCallback: () => ({ psk, identity: 'test' }),
      checkServerIdentity: () => undefined,
    })
    client.on('data', (chunk) => resolve(String(chunk)))
    client.on('error', (error) => resolve(error.message))
    client.on('close', () => resolve('closed'))
  })
}

export const connectTo = (authority: string): string => `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`
export const established = /^HTTP\/1\.1 200 Connection Established\r\n/
