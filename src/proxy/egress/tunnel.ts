import type { IncomingMessage } from 'node:http'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { admit } from './admit.ts'
import { readOpening } from './opening.ts'
import { closePassage, refusal, settle, type Passage, type Surroundings } from './passage.ts'
import { relay } from './relay.ts'
import { parseAuthority } from './target.ts'

/** Serves one CONNECT, from the request to the closing entry. Never throws. */
export async function serveTunnel(
  passage: Passage,
  asked: { request: IncomingMessage; client: Socket; head: Buffer },
  around: Surroundings,
): Promise<void> {
  const { client } = asked
  try {
    await carry(passage, asked, around)
  } catch {
    settle(passage, refusal(502, 'egress.failed', 'the egress proxy itself failed on this request, so it was refused'))
    refuse(client, passage)
  } finally {
    for (const socket of passage.sockets) socket.destroySoon()
    await closePassage(passage, around)
  }
}

async function carry(
  passage: Passage,
  { request, client, head }: { request: IncomingMessage; client: Socket; head: Buffer },
  around: Surroundings,
): Promise<void> {
  const target = parseAuthority(request.url ?? '')
  if (target === null) {
    settle(passage, refusal(400, 'egress.bad-target', 'CONNECT wants host:port and nothing else'))
    return refuse(client, passage)
  }
  const upstream = await admit(passage, target, around)
  if (upstream === null) return refuse(client, passage)
  if (client.destroyed) return
  client.write(`HTTP/1.1 200 Connection Established\r\nx-hardshell-visit: ${passage.visit.id}\r\n\r\n`)
  const opening = await readOpening(client, head, target)
  if (!opening.allow) {
    settle(passage, opening.verdict)
    return void client.end(opening.farewell)
  }
  passage.bytesIn += opening.bytes.length
  if (opening.bytes.length > 0) upstream.write(opening.bytes)
  await relay(passage, { client, upstream }, around.limits)
}

function refuse(client: Socket, { visit, verdict }: Passage): void {
  const text = `${verdict.reason}\n`
  const lines = [
    `HTTP/1.1 ${verdict.status} ${STATUS_CODES[verdict.status]}`,
    `x-hardshell-visit: ${visit.id}`,
    `x-hardshell-rule: ${verdict.rule}`,
    'content-type: text/plain; charset=utf-8',
    `content-length: ${Buffer.byteLength(text)}`,
    'connection: close',
    '',
    text,
  ]
  client.end(lines.join('\r\n'))
}
