import type { Socket } from 'node:net'
import { admit, connect, rejudge, type Admission } from './admit.ts'
import type { ConnectHead } from './connect-head.ts'
import type { Upstream } from './downstream.ts'
import type { InspectedTunnel } from './inspection.ts'
import { readOpening } from './opening.ts'
import { charge, closePassage, handDecision, refusal, settle, type Passage, type Verdict } from './passage.ts'
import { refusalText } from './refuse.ts'
import { relay } from './relay.ts'
import type { Surroundings } from './surroundings.ts'
import { parseAuthority, type Target } from './target.ts'
import { identify, isRefusal } from './who.ts'

/** A CONNECT that was read, and what came behind it. */
export interface AskedTunnel {
  head: ConnectHead
  client: Socket
  rest: Buffer
}

/** An admitted tunnel that turned out to carry HTTP: its one request is served where plain requests are. */
export type ServeInside = (passage: Passage, inside: { client: Socket; bytes: Buffer; target: Target; admission: Admission }) => Promise<void>

/** Serves one CONNECT, from the request to the closing entry. Never throws. */
export async function serveTunnel(passage: Passage, asked: AskedTunnel, around: Surroundings, serveInside: ServeInside): Promise<void> {
  try {
    await carry(passage, asked, around, serveInside)
  } catch {
    settle(passage, refusal(502, 'egress.failed', 'the egress proxy itself failed on this request, so it was refused'))
    asked.client.destroy()
  } finally {
    for (const socket of passage.sockets) socket.destroySoon()
    closePassage(passage, around)
  }
}

async function carry(passage: Passage, { head, client, rest }: AskedTunnel, around: Surroundings, serveInside: ServeInside): Promise<void> {
  const who = identify(head.authorization, around)
  const target = parseAuthority(head.authority)
  if (isRefusal(who)) return refuse(client, passage, who)
  passage.identity = who
  if (target === null) return refuse(client, passage, refusal(400, 'egress.bad-target', 'CONNECT wants host:port and nothing else'))
  const { inspection } = around.ports
  const inspected = target.port !== 80 && (inspection?.wants(target, who) ?? false)
  const admission = await admit(passage, target, inspected || target.port !== 443 ? 'later' : 'never', around)
  if (admission === null) return refuse(client, passage)
  // Whoever is known to speak TLS hears at once when nobody answers; else what is said decides whether to connect.
  const early = target.port === 443 || admission.protocol === 'tcp' ? await connect(passage, admission, !inspected, around) : null
  if (early === null && !passage.verdict.allow) return refuse(client, passage)
  if (client.destroyed) return
  client.write(`HTTP/1.1 200 Connection Established\r\nx-hardshell-visit: ${passage.visit.id}\r\n\r\n`, 'latin1')
  if (early !== null && admission.protocol === 'tcp') return await pass(passage, { client, upstream: early, bytes: rest }, around)

  const opening = await readOpening(client, rest, { target, allowEch: around.allowEch, timeoutMs: around.limits.openingTimeoutMs })
  if (opening.kind === 'refused') {
    settle(passage, opening.verdict)
    return void client.end(opening.farewell.length > 0 ? opening.farewell : refusalText(passage))
  }
  if (opening.kind === 'http') return await serveInside(passage, { client, bytes: opening.bytes, target, admission })
  if (!inspected && target.port !== 443 && !rejudge(passage, target, 'never', around)) return client.destroySoon()
  const upstream = early ?? (await connect(passage, admission, !inspected, around))
  if (upstream === null) return client.destroySoon()
  if (inspected) return await inspection!.carry(insideView(passage, { target, client, upstream: upstream.socket, opening: opening.bytes }, around))
  await pass(passage, { client, upstream, bytes: opening.bytes }, around)
}

async function pass(passage: Passage, { client, upstream, bytes }: { client: Socket; upstream: Upstream; bytes: Buffer }, around: Surroundings): Promise<void> {
  if (bytes.length > 0) {
    charge(passage, bytes.length, 0, around)
    upstream.socket.write(bytes)
  }
  await relay(passage, { client, upstream }, around)
}

function insideView(passage: Passage, tunnel: Pick<InspectedTunnel, 'target' | 'client' | 'upstream' | 'opening'>, around: Surroundings): InspectedTunnel {
  const judgeInside = async (request: { method: string; path: string }): Promise<Verdict> => {
    passage.method = request.method.slice(0, 20)
    rejudge(passage, tunnel.target, request, around)
    const handed = handDecision(passage, around.ports.audit)
    if (passage.verdict.allow && !handed.isDurable) await handed.durable()
    return passage.verdict
  }
  return {
    ...tunnel,
    visit: passage.visit,
    identity: passage.identity,
    judge: judgeInside,
    count: (up, down) => charge(passage, up, down, around),
    settle: (verdict) => settle(passage, verdict),
  }
}

function refuse(client: Socket, passage: Passage, verdict: Verdict = passage.verdict): void {
  settle(passage, verdict)
  client.end(refusalText(passage))
}
