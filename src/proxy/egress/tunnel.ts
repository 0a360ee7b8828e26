import type { Socket } from 'node:net'
import { admit, connect, consider, onDisk, rejudge, type Admission } from './admit.ts'
import type { ConnectHead } from './connect-head.ts'
import type { Upstream } from './downstream.ts'
import type { InspectedTunnel } from './inspection.ts'
import { readOpening, readWhole, type Opening } from './opening.ts'
import { charge, closePassage, handDecision, refusal, settle, type Passage, type Verdict } from './passage.ts'
import { dismiss, refusalText } from './refuse.ts'
import { relay } from './relay.ts'
import type { Surroundings } from './surroundings.ts'
import { hostPartOf, parseAuthority, type Target } from './target.ts'
import { identify, isRefusal } from './who.ts'

/** A CONNECT that was read, and what came behind it. */
export interface AskedTunnel {
  head: ConnectHead
  client: Socket
  rest: Buffer
}

/** An admitted tunnel that turned out to carry HTTP: its one request is served where plain requests are. */
export type ServeInside = (passage: Passage, inside: { client: Socket; bytes: Buffer; target: Target; admission: Admission }) => Promise<void>

/** A tunnel nothing is against so far. */
interface Considered {
  target: Target
  protocol: Admission['protocol']
  inspected: boolean
}

/** Serves one CONNECT, from the request to the closing entry. Never throws. */
export function serveTunnel(passage: Passage, asked: AskedTunnel, around: Surroundings, serveInside: ServeInside): void {
  const considered = lookAt(passage, asked.head, around)
  if (considered !== null) {
    asked.client.pause()
    return void serve(passage, { ...asked, ...considered }, around, serveInside)
  }
  dismiss(asked.client, refusalText(passage))
  closePassage(passage, around)
}

/** @returns `null` with the refusal in `passage.verdict` */
function lookAt(passage: Passage, head: ConnectHead, around: Surroundings): Considered | null {
  try {
    const who = identify(head.authorization, around)
    const target = parseAuthority(head.authority)
    if (isRefusal(who) || target === null) {
      passage.target = hostPartOf(head.authority)
      settle(passage, isRefusal(who) ? who : refusal(400, 'egress.bad-target', 'CONNECT wants host:port and nothing else'))
      return null
    }
    passage.identity = who
    const inspected = target.port !== 80 && (around.ports.inspection?.wants(target, who) ?? false)
    const protocol = consider(passage, target, inspected || target.port !== 443 ? 'later' : 'never', around)
    return protocol === null ? null : { target, protocol, inspected }
  } catch {
    settle(passage, failed)
    return null
  }
}

const failed = refusal(502, 'egress.failed', 'the egress proxy itself failed on this request, so it was refused')

async function serve(passage: Passage, tunnel: AskedTunnel & Considered, around: Surroundings, serveInside: ServeInside): Promise<void> {
  try {
    await carry(passage, tunnel, around, serveInside)
  } catch {
    settle(passage, failed)
    tunnel.client.destroy()
  } finally {
    for (const socket of passage.sockets) socket.destroySoon()
    closePassage(passage, around)
  }
}

async function carry(passage: Passage, tunnel: AskedTunnel & Considered, around: Surroundings, serveInside: ServeInside): Promise<void> {
  const { client, rest, target, inspected } = tunnel
  const admission = await admit(passage, target, tunnel.protocol, around)
  if (admission === null) return refuse(client, passage)
  client.setNoDelay(true)
  const first = admission.protocol === 'tcp' ? null : readWhole(rest, target, around.allowEch)
  const early = mayDial(passage, first, tunnel, around) ? await connect(passage, admission, !inspected, around) : null
  // Nobody is told that it is through before the decision is on the disk.
  if (early === null && !(passage.verdict.allow && (await onDisk(passage, admission.handed)))) return refuse(client, passage)
  if (client.destroyed) return
  client.write(`HTTP/1.1 200 Connection Established\r\nx-hardshell-visit: ${passage.visit.id}\r\n\r\n`, 'latin1')
  if (early !== null && admission.protocol === 'tcp') return await pass(passage, { client, upstream: early, bytes: rest }, around)

  const opening = first ?? (await readOpening(client, rest, { target, patience: passage.patience, around }))
  if (opening.kind === 'refused') {
    settle(passage, opening.verdict)
    return void client.end(opening.farewell.length > 0 ? opening.farewell : refusalText(passage))
  }
  if (opening.kind === 'http') return await serveInside(passage, { client, bytes: opening.bytes, target, admission })
  if (early === null && !mayDial(passage, opening, tunnel, around)) return client.destroySoon()
  const upstream = early ?? (await connect(passage, admission, !inspected, around))
  if (upstream === null) return client.destroySoon()
  if (inspected) return await around.ports.inspection!.carry(insideView(passage, { target, client, upstream: upstream.socket, opening: opening.bytes }, around))
  await pass(passage, { client, upstream, bytes: opening.bytes }, around)
}

/**
 * Whoever is known to speak TLS is connected before it has said so, and hears at once when nobody answers; else what is
 * said decides. @param opening `null`: nothing was said yet, or nothing has to be
 */
function mayDial(passage: Passage, opening: Opening | null, { target, protocol, inspected }: Considered, around: Surroundings): boolean {
  if (opening === null) return target.port === 443 || protocol === 'tcp'
  return opening.kind === 'tls' && (inspected || target.port === 443 || rejudge(passage, target, 'never', around))
}

function pass(passage: Passage, { client, upstream, bytes }: { client: Socket; upstream: Upstream; bytes: Buffer }, around: Surroundings): Promise<void> {
  if (bytes.length > 0) {
    charge(passage, bytes.length, 0, around)
    upstream.socket.write(bytes)
  }
  return relay(passage, { client, upstream }, around)
}

function insideView(passage: Passage, tunnel: Pick<InspectedTunnel, 'target' | 'client' | 'upstream' | 'opening'>, around: Surroundings): InspectedTunnel {
  const judgeInside = async (request: { method: string; path: string }): Promise<Verdict> => {
    passage.method = request.method.slice(0, 20)
    rejudge(passage, tunnel.target, request, around)
    const handed = await handDecision(passage, around.ports.audit)
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

function refuse(client: Socket, passage: Passage): void {
  dismiss(client, refusalText(passage))
}
