import { Secret } from '../../../base/index.ts'
import { endToEndHeaders } from '../../hop-by-hop.ts'
import type { Exchange, Http1Pool, OutgoingFields, OutgoingRequest } from '../../http1/index.ts'
import type { InspectedTunnel } from '../inspection.ts'
import { canonicalHost } from '../target.ts'
import { bringBack } from './answer.ts'
import { unpack } from './body.ts'
import { isNo, no, refuse, type No } from './no.ts'
import { newReceipt, outcomeOf, pathForLog, type Receipt } from './receipt.ts'
import { isBelow, readPath, type RequestPath } from './request-path.ts'
import type { InspectRule, Room } from './room.ts'
import { screen } from './screen.ts'

/** A tunnel whose TLS is open at both ends. */
export interface OpenTunnel {
  readonly tunnel: InspectedTunnel
  readonly rule: InspectRule
  readonly room: Room
  /** One connection: the one that was judged. */
  readonly pool: Http1Pool
  onLast(): void
}

/** Serves one request inside a tunnel, from its head to its entry in the log. Never throws. */
export async function serveRequest(exchange: Exchange, open: OpenTunnel): Promise<void> {
  const receipt = newReceipt(exchange, open.tunnel, open.room)
  try {
    const refusal = await carry(exchange, receipt, open)
    if (refusal === null) return await record(receipt, open.room)
    await refuse(exchange, refusal, receipt, open.room)
  } catch {
    if (exchange.reply.headersSent) exchange.reply.destroy()
    else await refuse(exchange, no(502, 'egress.failed', 'the egress proxy itself failed on this request, so it was refused'), receipt, open.room)
  }
}

/** @returns why not; `null` when the answer is through */
async function carry(exchange: Exchange, receipt: Receipt, open: OpenTunnel): Promise<No | null> {
  const { tunnel, rule, room } = open
  const path = judgeHead(exchange, receipt, open)
  if (isNo(path)) return path
  const body = await readBody(exchange, rule, room)
  if (isNo(body)) return body
  const { length } = body.sent // the memory itself is given away below
  try {
    receipt.bytesIn = length
    tunnel.count(exchange.target.length + length + sizeOf(exchange), 0)
    const headers = pairsOf(endToEndHeaders(exchange.headers())).filter(([name]) => !own.has(name) && (rule.credentials.length === 0 || !slices.has(name)))
    const screened = await screen({ path, headers, body: body.plain }, rule, tunnel.identity, room)
    if (isNo(screened)) return screened
    const verdict = await tunnel.judge({ method: exchange.method, path: exchange.target })
    Object.assign(receipt, { rule: verdict.rule, reason: verdict.reason })
    if (!verdict.allow) return no(verdict.status, verdict.rule, verdict.reason)
    receipt.substituted.push(...screened.substituted)
    receipt.redactedIn = screened.redacted ? 1 : 0
    const coding = screened.redacted ? undefined : exchange.header('content-encoding')
    const outgoing = outgoingOf(exchange, { headers: screened.headers, coding, body: screened.redacted ? screened.body : body.sent }, room)
    const secrets = await secretsOf(rule, room)
    return await bringBack({ exchange, receipt, rule, room, secrets, onLast: () => open.onLast() }, (sink) => open.pool.send(outgoing, sink))
  } finally {
    room.heldBytes -= length
  }
}

// Set for the hop to the origin, or said there by us.
const own: ReadonlySet<string> = new Set(['host', 'content-length', 'accept-encoding', 'content-encoding', 'expect'])

// A value that comes back in slices, asked for one by one, is in none of them. Origins may send the whole all the same
// (RFC 9110, section 14.2), so nobody who asks for a slice can count on one.
const slices: ReadonlySet<string> = new Set(['range', 'if-range'])

function judgeHead(exchange: Exchange, receipt: Receipt, { tunnel: { target }, rule, room }: OpenTunnel): RequestPath | No {
  const path = readPath(exchange.target)
  if (typeof path === 'string') return no(400, 'egress.odd-path', `this request cannot be judged: ${path}`)
  receipt.target += pathForLog(path.path, room)
  if (!isFor(exchange.header('host') ?? '', target)) return no(421, 'egress.host-mismatch', `this connection is to ${target.host}, and the request names another host`)
  if (exchange.header('upgrade') !== undefined) {
    return no(403, 'egress.upgrade', 'another protocol cannot be read here: a host that needs WebSockets is not to be listed in egress.inspect')
  }
  if (rule.methods && !rule.methods.includes(exchange.method as never)) {
    return no(403, 'egress.method', `${exchange.method} is not among the methods egress.inspect allows for ${rule.host.text}`)
  }
  const other = overrideIn(exchange, path, rule)
  if (other !== null) return no(403, 'egress.override', `${other} asks the origin to take this request for another than was judged`)
  if (rule.paths && !isBelow(path, rule.paths)) return no(403, 'egress.path', `this path, or one it may be read as, is not below those egress.inspect allows for ${rule.host.text}`)
  return path
}

// Frameworks take the method from these in place of the request line (Rails, Laravel, Express, OData, Google's APIs), and
// the path from those (IIS, Symfony, Zend): what was judged is then not what is done. CGI reads `_` as `-`.
const methodHeaders = /^x[-_]http[-_]method([-_]override)?$|^x[-_]method[-_]override$/
const pathHeaders = /^x[-_](original|rewrite)[-_]url$/
const methodFields = /^(_method|\$httpmethod|x-http-method-override)$/i

/** What in a request would make another of it than its rule allows; `null`: nothing. */
function overrideIn(exchange: Exchange, { query }: RequestPath, { methods, paths }: InspectRule): string | null {
  const asksForOther = (method: string): boolean => methods !== undefined && !methods.includes(method.trim().toUpperCase() as never)
  for (const [name, value] of pairsOf(exchange.headers())) {
    const lower = name.toLowerCase()
    if (methodHeaders.test(lower) && asksForOther(value)) return 'a header with another method'
    if (pathHeaders.test(lower) && paths !== undefined) return 'a header with another path'
  }
  return [...new URLSearchParams(query)].some(([name, value]) => methodFields.test(name) && asksForOther(value)) ? 'its query, with another method,' : null
}

/** Does the Host header name what the tunnel was opened for? A front door of a CDN would go by the header. */
function isFor(header: string, { host, port }: { host: string; port: number }): boolean {
  const [, name = '', at] = /^(.*?)(?::(\d{1,5}))?$/.exec(header) ?? []
  return canonicalHost(name) === host && Number(at ?? 443) === port
}

interface Body {
  /** As it came. */
  sent: Buffer
  plain: Buffer
}

async function readBody(exchange: Exchange, { max_body: maxBytes, host }: InspectRule, room: Room): Promise<Body | No> {
  let held = 0
  const mayKeep = (bytes: number): boolean => {
    if (room.heldBytes + bytes > room.options.maxHeldBytes) return false
    held += bytes
    room.heldBytes += bytes
    return true
  }
  const sent = await exchange.body(maxBytes, mayKeep)
  const problem = Buffer.isBuffer(sent) ? null : bodyProblem(sent, maxBytes, host.text)
  const unpacked = problem ?? (await unpack(sent as Buffer, exchange.header('content-encoding'), maxBytes))
  if ('alarming' in unpacked || unpacked.kind !== 'plain') {
    room.heldBytes -= held
    return 'alarming' in unpacked ? unpacked : packingProblem(unpacked.kind, maxBytes, host.text)
  }
  room.heldBytes += (sent as Buffer).length - held
  return { sent: sent as Buffer, plain: unpacked.bytes }
}

function bodyProblem(problem: 'too-large' | 'no-room' | 'broken', maxBytes: number, host: string): No {
  if (problem === 'too-large') return no(413, 'egress.body-too-large', `the body is larger than ${maxBytes} bytes (max_body of ${host} in egress.inspect)`)
  if (problem === 'no-room') return no(503, 'egress.busy', 'the bodies under way fill the memory set aside for them; try again shortly')
  return no(400, 'egress.broken-body', 'the request ended in the middle')
}

function packingProblem(problem: 'too-large' | 'broken' | 'unknown-coding', maxBytes: number, host: string): No {
  if (problem === 'too-large') return no(413, 'egress.body-too-large', `the body is larger than ${maxBytes} bytes when unpacked (max_body of ${host} in egress.inspect)`)
  if (problem === 'broken') return no(400, 'egress.broken-body', 'the body is not packed as its content-encoding says')
  return no(415, 'egress.unreadable-body', 'the body is packed in a way nobody here can read')
}

function outgoingOf(
  { method, target }: Exchange,
  { headers, coding, body }: { headers: readonly (readonly [string, string])[]; coding: string | undefined; body: Buffer },
  { options }: Room,
): OutgoingRequest {
  const fields: Record<string, string[]> = {}
  for (const [name, value] of headers) (fields[name] ??= []).push(value)
  // What comes back has to be read; an origin that packs it all the same is unpacked.
  const all: OutgoingFields = { ...fields, 'accept-encoding': 'identity', 'content-encoding': coding }
  const hasBody = body.length > 0
  return { method, path: target, headers: all, body: hasBody ? body : null, headersTimeoutMs: options.answerTimeoutMs, bodyTimeoutMs: options.idleTimeoutMs }
}

/** Whatever this host may be given, whether this request carried it or an earlier one. */
async function secretsOf({ credentials }: InspectRule, { ports }: Room): Promise<Secret[]> {
  const found = await Promise.all(credentials.map(async ({ secret }) => await ports.secret(secret)))
  return found.filter((secret) => secret instanceof Secret)
}

async function record(receipt: Receipt, room: Room): Promise<void> {
  await room.ports.audit.append(outcomeOf(receipt, true, room)).catch(() => undefined)
}

function pairsOf(flat: readonly string[]): [string, string][] {
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i]!, flat[2 * i + 1]!])
}

function sizeOf(exchange: Exchange): number {
  return exchange.headers().reduce((sum, text) => sum + text.length + 2, 0)
}
