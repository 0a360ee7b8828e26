import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { endToEndHeaders } from '../hop-by-hop.ts'
import { admit, connect, consider, rejudge, type Admission } from './admit.ts'
import type { VisibleRequest } from './host-policy.ts'
import { charge, closePassage, refusal, settle, type Passage, type Verdict } from './passage.ts'
import { refusalHeaders } from './refuse.ts'
import type { Surroundings } from './surroundings.ts'
import { parseAbsolute, parseHostHeader, type Target } from './target.ts'
import { identify, isRefusal } from './who.ts'

/** One plain request: `GET http://host/path` to the proxy, or `GET /path` inside a tunnel that was admitted. */
export interface AskedRequest {
  request: IncomingMessage
  response: ServerResponse
  /** The tunnel it came through. `null`: none. */
  inside: { target: Target; admission: Admission } | null
}

/** Serves one plain request, from its head to the closing entry. Never throws. */
export async function servePlain(passage: Passage, asked: AskedRequest, around: Surroundings): Promise<void> {
  await servePart(passage, asked, around)
  for (const socket of passage.sockets) if (socket !== asked.request.socket) socket.destroy()
  closePassage(passage, around)
}

/** The same for a request inside a tunnel, whose passage goes on to its own end. Never throws. */
export async function servePart(passage: Passage, asked: AskedRequest, around: Surroundings): Promise<void> {
  try {
    await carry(passage, asked, around)
  } catch {
    if (passage.verdict.allow) settle(passage, refusal(502, 'egress.unreachable', `${passage.target} broke off`))
    refuse(asked.response, passage)
  }
}

async function carry(passage: Passage, asked: AskedRequest, around: Surroundings): Promise<void> {
  const { request, response } = asked
  passage.method = (request.method ?? '').slice(0, 20)
  const read = asked.inside === null ? readProxied(passage, request, around) : readInside(request, asked.inside.target)
  if ('status' in read) return refuse(response, passage, read)
  const { target, path } = read
  const visible = { method: request.method ?? '', path }
  let admission = asked.inside?.admission ?? null
  if (admission === null) admission = await admitPlain(passage, target, visible, around)
  else if (!rejudge(passage, target, visible, around)) admission = null
  const upstream = admission && (await connect(passage, admission, false, around))
  if (!upstream) return refuse(response, passage)
  await exchange(passage, { request, response, upstream: upstream.socket, path }, around)
}

async function admitPlain(passage: Passage, target: Target, visible: VisibleRequest, around: Surroundings): Promise<Admission | null> {
  const protocol = consider(passage, target, visible, around)
  return protocol && (await admit(passage, target, protocol, around))
}

/** Who asks, and for what. */
function readProxied(passage: Passage, request: IncomingMessage, around: Surroundings): { target: Target; path: string } | Verdict {
  const credentials = request.headersDistinct['proxy-authorization'] ?? []
  const who = credentials.length > 1 ? refusal(400, 'egress.bad-request-head', 'two credentials in one request') : identify(credentials[0] ?? null, around)
  if (isRefusal(who)) return who
  passage.identity = who
  const asked = parseAbsolute(request.url ?? '')
  if (asked === null) return refusal(400, 'egress.bad-target', 'a proxy wants http://host/path; for https use CONNECT')
  const host = hostOf(request)
  if (host?.host !== asked.target.host || host.port !== asked.target.port) {
    return refusal(400, 'egress.host-mismatch', 'the Host header and the URL name different hosts')
  }
  return asked.target.port === 443 ? refusal(403, 'egress.not-tls', 'plain HTTP to port 443 is refused; use CONNECT') : asked
}

/** Inside a tunnel a request names its host once more: it has to be the one the tunnel was opened for. */
function readInside(request: IncomingMessage, target: Target): { target: Target; path: string } | Verdict {
  const path = request.url ?? ''
  if (!/^\/[\x21\x22\x24-\x7e]*$/.test(path)) return refusal(403, 'egress.bad-request-head', 'a request in a tunnel names a path and nothing else')
  if (request.headers.upgrade !== undefined) return refusal(403, 'egress.upgrade', 'another protocol on an unencrypted connection is refused; use wss')
  const host = hostOf(request)
  if (host === null) return refusal(403, 'egress.bad-request-head', 'the Host of the request cannot be read')
  // A Host without a port means the port of the tunnel to whoever opened it.
  const isSame = host.host === target.host && (host.port === target.port || !/:\d+$/.test(request.headers.host ?? ''))
  return isSame ? { target, path } : refusal(403, 'egress.host-mismatch', 'the request names another host than the tunnel was opened for')
}

function hostOf(request: IncomingMessage): Target | null {
  const hosts = request.headersDistinct.host ?? []
  return hosts.length === 1 ? parseHostHeader(hosts[0]!) : null
}

async function exchange(
  passage: Passage,
  { request, response, upstream, path }: { request: IncomingMessage; response: ServerResponse; upstream: Socket; path: string },
  around: Surroundings,
): Promise<void> {
  upstream.setTimeout(around.limits.idleTimeoutMs, () => upstream.destroy())
  response.setTimeout(around.limits.idleTimeoutMs, () => response.destroy()) // the origin may be done long before the client is
  response.once('close', () => upstream.destroy()) // the client left, or has everything
  countBytes(passage, request, upstream, around)
  const headers = [...endToEndHeaders(request.rawHeaders), 'Connection', 'close']
  // Said explicitly: Node would write the body of a GET without any framing, and the origin read it as a next request.
  const chunked = request.headers['transfer-encoding'] !== undefined
  if (chunked) headers.push('Transfer-Encoding', 'chunked')
  const outgoing = httpRequest({ method: request.method, path, headers, setHost: false, createConnection: () => upstream })
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve).on('error', reject)
    upstream.once('close', () => reject(new Error('closed')))
  })
  const hasBody = chunked || Number(request.headers['content-length'] ?? 0) > 0
  const sent = hasBody ? pipeline(request, outgoing) : (outgoing.end(), Promise.resolve())
  sent.catch(() => upstream.destroy())
  const reply = await answered
  settle(passage, { ...passage.verdict, status: reply.statusCode ?? 502 })
  response.writeHead(reply.statusCode ?? 502, [...endToEndHeaders(reply.rawHeaders), 'x-hardshell-visit', passage.visit.id, 'connection', 'close'])
  await pipeline(reply, response)
}

function countBytes(passage: Passage, request: IncomingMessage, upstream: Socket, around: Surroundings): void {
  request.on('data', (chunk: Buffer) => charge(passage, chunk.length, 0, around))
  request.pause() // counting must not start the flow before the pipe is there
  upstream.on('data', (chunk: Buffer) => charge(passage, 0, chunk.length, around))
}

function refuse(response: ServerResponse, passage: Passage, verdict: Verdict = passage.verdict): void {
  settle(passage, verdict)
  if (response.headersSent) return void response.destroy()
  response.writeHead(passage.verdict.status, refusalHeaders(passage))
  response.end(`${passage.verdict.reason}\n`)
}
