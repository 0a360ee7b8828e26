import { STATUS_CODES } from 'node:http'
import type { Answer, Call, Surroundings } from './call.ts'
import { ownHeaders } from './reply-headers.ts'

/** Gives an answer of our own, over whichever line is there, unless one was already begun. */
export function give(answer: Answer, call: Call): void {
  if (call.status === 101) return call.end(answer.reason) // the line speaks WebSocket by now
  call.status = answer.status
  call.decision = { allow: answer.welcome === true, rule: answer.rule, reason: answer.reason }
  const { client, visit } = call
  const error = JSON.stringify({ error: { type: answer.rule, message: answer.reason, visit: visit.id } })
  const body = answer.body ?? { type: 'application/json', text: `${error}\n` }
  const headers: Record<string, string> = {
    ...ownHeaders,
    ...answer.headers,
    'content-type': body.type,
    'content-length': String(Buffer.byteLength(body.text)),
    'x-hardshell-visit': visit.id,
  }
  if (client.kind === 'http') {
    if (client.response.headersSent) return void client.response.destroy()
    // Whatever else the client meant to send was not read, and must not be taken for a next request.
    if (!call.request.complete) headers.connection = 'close'
    client.response.writeHead(answer.status, headers)
    client.response.end(call.method === 'HEAD' ? undefined : body.text)
    return
  }
  const lines = Object.entries({ ...headers, connection: 'close' }).map(([name, value]) => `${name}: ${value}`)
  client.socket.end([`HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}`, ...lines, '', body.text].join('\r\n'))
}

/**
 * Writes that this call may pass; resolves when it is on disk.
 * @returns false when the log cannot take it; nothing may reach the gateway then
 */
export async function logDecision(
  { visit, method, path, session, decision }: Call,
  { ports }: Surroundings,
): Promise<boolean> {
  const entry = {
    event_type: 'api_request' as const,
    visit: visit.id,
    peer: visit.peer,
    target: `${method} ${path}`,
    decision: 'allow' as const,
    rule: decision.rule,
    ...(visit.who && { user: visit.who.name }),
    ...(session !== null && { detail: { login: 'session' } }),
  }
  return await ports.audit.append(entry).then(
    () => true,
    () => false,
  )
}

/** Writes the one closing entry. Never throws: it is over, and the log itself tells when it is broken. */
export async function close(call: Call, { ports, open }: Surroundings): Promise<void> {
  open.delete(call)
  const { visit, method, path, decision, status } = call
  const entry = {
    event_type: 'api_request' as const,
    visit: visit.id,
    peer: visit.peer,
    target: `${method} ${path === '' ? '(unreadable)' : path}`,
    decision: decision.allow ? ('allow' as const) : ('deny' as const),
    rule: decision.rule,
    reason: decision.reason,
    status,
    bytes_in: call.bytesIn,
    bytes_out: call.bytesOut,
    duration_ms: Math.round(ports.clock.monotonicMs() - visit.startedMs),
    ...(visit.who && { user: visit.who.name }),
  }
  await ports.audit.append(entry).catch(() => undefined)
}
