import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect as netConnect, type AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import type { NewEntry } from '../../auditlog/index.ts'
import { Secret, systemClock } from '../../base/index.ts'
import type { Who } from '../visit.ts'
import { createDeviceIdentity, createIngress, type Ingress, type IngressOptions, type IngressPorts } from './index.ts'

/** A front door before a small gateway, with everything either of them wrote down. */
export interface Stage {
  ingress: Ingress
  port: number
  entries: NewEntry[]
  gateway: FakeGateway
}

/** Speaks as much of OpenClaw's protocol as the front door must understand. */
export interface FakeGateway {
  port: number
  requests: { line: string; headers: IncomingMessage['headers']; raw: string[]; body: string }[]
  /** Params of every connect request. */
  connects: Record<string, unknown>[]
  sockets: WebSocket[]
  nonces: string[]
  close(): void
}

// Assembled at run time: no scanner shall take them for real ones.
export const tokens = {
  reader: ['read', 'er', '1'].join('-'),
  writer: ['writ', 'er', '1'].join('-'),
  admin: ['adm', 'in', '1'].join('-'),
}
export const gatewayToken = ['gateway', 'own', 'token'].join('-')

const people: Record<string, Who> = {
  [tokens.reader]: { name: 'ci_token', permissions: ['read'] },
  [tokens.writer]: { name: 'bot', permissions: ['read', 'write'] },
  [tokens.admin]: { name: 'operator', permissions: ['read', 'write', 'admin'] },
}

export async function openStage(
  more: {
    options?: Partial<IngressOptions>
    ports?: Partial<IngressPorts>
    serve?: (request: IncomingMessage, response: ServerResponse) => void
  } = {},
): Promise<Stage> {
  const gateway = await openGateway(more.serve)
  const entries: NewEntry[] = []
  const device = createDeviceIdentity()
  const options: IngressOptions = {
    gateway: { host: '127.0.0.1', port: gateway.port },
    maxBodyBytes: 1000,
    headerTimeoutMs: 5000,
    requestTimeoutMs: 5000,
    idleTimeoutMs: 5000,
    maxConnections: 50,
    ...more.options,
  }
  const ingress = createIngress(options, {
    audit: {
      append: async (entry) => {
        entries.push(entry)
        return { seq: entries.length, hash: '' }
      },
    },
    clock: systemClock,
    authenticate: (presented) => people[presented ?? ''] ?? null,
    gatewayToken: async () => new Secret(gatewayToken),
    device: () => device,
    ...more.ports,
  })
  const { port } = await ingress.listen({ host: '127.0.0.1', port: 0 })
  return { ingress, port, entries, gateway }
}

async function openGateway(serve?: (request: IncomingMessage, response: ServerResponse) => void): Promise<FakeGateway> {
  const gateway: Omit<FakeGateway, 'port' | 'close'> = { requests: [], connects: [], sockets: [], nonces: [] }
  const server = createServer((request, response) => {
    let body = ''
    request.on('error', () => undefined)
    request
      .on('data', (chunk) => (body += chunk))
      .on('end', () => {
        gateway.requests.push({
          line: `${request.method} ${request.url}`,
          headers: request.headers,
          raw: request.rawHeaders,
          body,
        })
        if (serve) return serve(request, response)
        response
          .setHeader('server', 'fake')
          .setHeader('x-powered-by', 'fake')
          .setHeader('access-control-allow-origin', '*')
        response.setHeader('set-cookie', ['hardshell=planted; Path=/', 'other=1; Path=/'])
        response.writeHead(200, { 'content-type': 'text/plain' }).end(`gateway got ${body}`)
      })
  })
  const webSockets = new WebSocketServer({ server })
  webSockets.on('connection', (socket) => greet(socket, gateway))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = (): void => {
    for (const socket of webSockets.clients) socket.terminate()
    server.close()
    server.closeAllConnections()
  }
  return { ...gateway, port: (server.address() as AddressInfo).port, close }
}

function greet(socket: WebSocket, gateway: Omit<FakeGateway, 'port' | 'close'>): void {
  const nonce = `nonce-${gateway.nonces.length}`
  gateway.nonces.push(nonce)
  gateway.sockets.push(socket)
  socket.send(JSON.stringify({ type: 'event', event: 'connect.challenge', payload: { nonce, ts: 1_737_264_000_000 } }))
  socket.on('message', (data, isBinary) => {
    const frame = isBinary
      ? null
      : (JSON.parse(String(data)) as { id: string; method: string; params: Record<string, unknown> })
    if (frame?.method !== 'connect') return socket.send(data, { binary: isBinary })
    gateway.connects.push(frame.params)
    const auth = { scopes: frame.params.scopes, deviceToken: 'token-of-the-door', deviceTokens: [] }
    socket.send(
      JSON.stringify({
        type: 'res',
        id: frame.id,
        ok: true,
        payload: { type: 'hello-ok', auth, policy: { maxPayload: 26_214_400 } },
      }),
    )
  })
}

export const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` })

/** Sends bytes as they are and returns what comes until the door closes the line. */
export function sendRaw(port: number, text: string | Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = netConnect({ host: '127.0.0.1', port })
    let seen = ''
    socket
      .on('data', (chunk) => (seen += chunk.toString('latin1')))
      .on('close', () => resolve(seen))
      .on('error', () => resolve(seen))
    socket.write(text) // no `end`: Node takes a half-closed client for one that left
  })
}

/** A WebSocket client that keeps every frame, and how it ended. */
export interface TestClient {
  socket: WebSocket
  frames: string[]
  closed: Promise<{ code: number; reason: string }>
  /** The n-th frame, once it is there. */
  frame(n: number): Promise<Record<string, unknown>>
}

export function openClient(port: number, headers: Record<string, string> = {}): TestClient {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { headers })
  const frames: string[] = []
  socket.on('message', (data) => void frames.push(String(data)))
  socket.on('error', () => undefined)
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }))
  })
  const frame = async (n: number): Promise<Record<string, unknown>> => {
    while (frames.length <= n) await new Promise((resolve) => setImmediate(resolve))
    return JSON.parse(frames[n]!) as Record<string, unknown>
  }
  return { socket, frames, closed, frame }
}

/** Answers the challenge with a connect request. @returns the gateway's (or the door's) answer */
export async function connect(
  client: TestClient,
  params: Record<string, unknown> = {},
): Promise<Record<string, unknown>> {
  await client.frame(0)
  const first = {
    minProtocol: 4,
    maxProtocol: 4,
    client: { id: 'cli', mode: 'cli', platform: 'Linux' },
    role: 'operator',
    ...params,
  }
  client.socket.send(JSON.stringify({ type: 'req', id: 'c1', method: 'connect', params: first }))
  return await client.frame(1)
}

export async function closingEntry(entries: readonly NewEntry[]): Promise<NewEntry> {
  for (;;) {
    const closing = entries.find((entry) => entry.duration_ms !== undefined)
    if (closing) return closing
    await new Promise((resolve) => setImmediate(resolve))
  }
}
