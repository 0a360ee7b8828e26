import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { admit } from './admit.ts'
import { endToEndHeaders } from '../hop-by-hop.ts'
import { closePassage, refusal, settle, type Passage, type Surroundings } from './passage.ts'
import { parseAbsolute, parseHostHeader } from './target.ts'

/** Serves one plain request (`GET http://host/path`), from the request to the closing entry. Never throws. */
export async function servePlain(
  passage: Passage,
  asked: { request: IncomingMessage; response: ServerResponse },
  around: Surroundings,
): Promise<void> {
  const { response } = asked
  try {
    await carry(passage, asked, around)
  } catch {
    if (passage.verdict.allow) settle(passage, refusal(502, 'egress.unreachable', `${passage.target} broke off`))
    refuse(response, passage)
  } finally {
    for (const socket of passage.sockets) if (socket !== asked.request.socket) socket.destroy()
    await closePassage(passage, around)
  }
}

async function carry(
  passage: Passage,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
  around: Surroundings,
): Promise<void> {
  const asked = parseAbsolute(request.url ?? '')
  if (asked === null) {
    settle(passage, refusal(400, 'egress.bad-target', 'a proxy wants http://host/path; for https use CONNECT'))
    return refuse(response, passage)
  }
  const hosts = request.headersDistinct.host ?? []
  const host = hosts.length === 1 ? parseHostHeader(hosts[0]!) : null
  if (host?.host !== asked.target.host || host.port !== asked.target.port) {
    settle(passage, refusal(400, 'egress.host-mismatch', 'the Host header and the URL name different hosts'))
    return refuse(response, passage)
  }
  if (asked.target.port === 443) {
    settle(passage, refusal(403, 'egress.not-tls', 'plain HTTP to port 443 is refused; use CONNECT'))
    return refuse(response, passage)
  }
  const upstream = await admit(passage, asked.target, around)
  if (upstream === null) return refuse(response, passage)
  await exchange(passage, { request, response, upstream, path: asked.path }, around)
}

async function exchange(
  passage: Passage,
  {
    request,
    response,
    upstream,
    path,
  }: { request: IncomingMessage; response: ServerResponse; upstream: Socket; path: string },
  { limits }: Surroundings,
): Promise<void> {
  upstream.setTimeout(limits.idleTimeoutMs, () => upstream.destroy())
  response.once('close', () => upstream.destroy()) // the client left, or has everything
  countBytes(passage, request, limits.maxBytesPerConnection)
  const headers = [...endToEndHeaders(request.rawHeaders), 'Connection', 'close']
  // Said explicitly: Node would write the body of a GET without any framing, and the origin read it as a next request.
  const chunked = request.headers['transfer-encoding'] !== undefined
  if (chunked) headers.push('Transfer-Encoding', 'chunked')
  const outgoing = httpRequest({
    method: request.method,
    path,
    headers,
    setHost: false,
    createConnection: () => upstream,
  })
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve).on('error', reject)
    upstream.once('close', () => reject(new Error('closed')))
  })
  const hasBody = chunked || Number(request.headers['content-length'] ?? 0) > 0
  const sent = hasBody ? pipeline(request, outgoing) : (outgoing.end(), Promise.resolve())
  sent.catch(() => upstream.destroy())
  const reply = await answered
  settle(passage, { ...passage.verdict, status: reply.statusCode ?? 502 })
  const kept = endToEndHeaders(reply.rawHeaders)
  response.writeHead(reply.statusCode ?? 502, [...kept, 'x-hardshell-visit', passage.visit.id])
  await pipeline(reply, response)
}

function countBytes(passage: Passage, request: IncomingMessage, maxBytes: number): void {
  const [upstream] = passage.sockets.slice(-1)
  const check = (): void => {
    if (passage.bytesIn + passage.bytesOut <= maxBytes) return
    settle(passage, refusal(403, 'egress.too-many-bytes', `more than ${maxBytes} bytes through one connection`))
    upstream?.destroy()
  }
  request.on('data', (chunk: Buffer) => {
    passage.bytesIn += chunk.length
    check()
  })
  request.pause() // counting must not start the flow before the pipe is there
  upstream?.on('data', (chunk: Buffer) => {
    passage.bytesOut += chunk.length
    check()
  })
}

function refuse(response: ServerResponse, { visit, verdict }: Passage): void {
  if (response.headersSent) return void response.destroy()
  response.writeHead(verdict.status, {
    'x-hardshell-visit': visit.id,
    'x-hardshell-rule': verdict.rule,
    'content-type': 'text/plain; charset=utf-8',
    connection: 'close',
  })
  response.end(`${verdict.reason}\n`)
}
