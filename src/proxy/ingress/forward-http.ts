import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { Transform } from 'node:stream'
import { errors as undiciErrors, type Dispatcher } from 'undici'
import { refuse, type Answer, type Call, type Surroundings, type Turnout } from './call.ts'
import { logDecision } from './closing.ts'
import { hostForGateway } from './origin.ts'
import { hardenedHeaders } from './reply-headers.ts'
import { gatewayHeaders } from './request-headers.ts'
import { bodyTooLarge } from './well-formed.ts'

/** One HTTP request to the gateway and back, both bodies streamed. A client that leaves takes its request along. */
export async function forwardHttp(call: Call, response: ServerResponse, around: Surroundings): Promise<Turnout> {
  if (!(await logDecision(call, around)))
    return refuse(503, 'ingress.log-unavailable', 'the audit log cannot be written, so nothing may pass')
  const leaving = new AbortController()
  response.once('close', () => leaving.abort())
  if (response.destroyed || call.cut) return 'served'
  const body = new CountedBody(call, around.options.maxBodyBytes)
  let reply: Dispatcher.ResponseData
  try {
    reply = await ask(call, response, body, { around, signal: leaving.signal })
  } catch (error) {
    if (leaving.signal.aborted) return left(call)
    return body.tooLarge ? bodyTooLarge(around.options.maxBodyBytes) : gatewayFailed(error)
  }
  call.status = reply.statusCode
  const rawHeaders = reply.headers as unknown as string[] // undici types the parsed form; `ask` wants `raw`
  const headers = hardenedHeaders(rawHeaders, call.visit.id)
  response.writeHead(reply.statusCode, headers)
  reply.body.on('data', (chunk: Buffer) => (call.bytesOut += chunk.length))
  // A line that breaks in mid-body cannot be told by a status any more; the client sees it end too early.
  await pipeline(reply.body, response).catch(() => response.destroy())
  return leaving.signal.aborted && !response.writableFinished ? left(call) : 'served'
}

/** 499: the client left before its answer was whole (nginx's number for it). */
function left(call: Call): 'served' {
  call.status = 499
  return 'served'
}

async function ask(
  call: Call,
  response: ServerResponse,
  body: CountedBody,
  { around, signal }: { around: Surroundings; signal: AbortSignal },
): Promise<Dispatcher.ResponseData> {
  const { request } = call
  const { idleTimeoutMs } = around.options
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
  if (call.expectsContinue) response.writeContinue()
  if (hasBody) pipeline(request, body).catch(() => undefined) // undici sees the error on `body`
  return await around.gateway.request({
    method: call.method as Dispatcher.HttpMethod,
    path: request.url ?? '/',
    headers: gatewayHeaders(request.rawHeaders, {
      host: hostForGateway(call, around),
      token: await around.ports.gatewayToken(),
    }),
    body: hasBody ? body : null,
    signal,
    headersTimeout: idleTimeoutMs,
    bodyTimeout: idleTimeoutMs,
    responseHeaders: 'raw',
  })
}

/** Counts what flows, and breaks off at the limit: a chunked body announces no size. */
class CountedBody extends Transform {
  tooLarge = false
  readonly #call: Call
  readonly #maxBytes: number

  constructor(call: Call, maxBytes: number) {
    super()
    this.#call = call
    this.#maxBytes = maxBytes
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: (error: Error | null, chunk?: Buffer) => void): void {
    this.#call.bytesIn += chunk.length
    this.tooLarge = this.#call.bytesIn > this.#maxBytes
    if (this.tooLarge) done(new Error('body too large'))
    else done(null, chunk)
  }
}

function gatewayFailed(error: unknown): Answer {
  if (error instanceof undiciErrors.HeadersTimeoutError) {
    return refuse(504, 'ingress.gateway-silent', 'the gateway did not answer in time')
  }
  return refuse(502, 'ingress.gateway-unreachable', 'the gateway cannot be reached; it may be starting')
}
