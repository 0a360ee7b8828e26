import type { Socket } from 'node:net'
import type { Handed } from '../../auditlog/index.ts'
import { messageOf } from '../../base/index.ts'
import { judgeAddresses } from './addresses.ts'
import type { Upstream } from './downstream.ts'
import { judge, type Question } from './judge.ts'
import { handDecision, limitLifetime, refusal, settle, type Passage } from './passage.ts'
import { judgeDeniedAddresses } from './rules.ts'
import type { Surroundings } from './surroundings.ts'
import { formatTarget, type Target } from './target.ts'

/** What may go where, with what it needs to get there. */
export interface Admission {
  /** Judged, all of them. */
  readonly addresses: readonly string[]
  readonly protocol: 'web' | 'tcp'
  /** The decision's place in the log. */
  readonly handed: Handed
}

/**
 * Takes one request from "wants to go there" to a decision that is with the log: switch, lists, share, addresses.
 * The name is looked up once and never again.
 * @returns `null` with the refusal in `passage.verdict`
 */
export async function admit(passage: Passage, target: Target, request: Question['request'], around: Surroundings): Promise<Admission | null> {
  passage.target = formatTarget(target)
  passage.host = target.host
  passage.port = target.port
  const protocol = judgeNow(passage, target, request, around)
  if (!passage.verdict.allow || passesBy(passage, target, around) || !takeShare(passage, around)) return null
  const addresses = await addressesOf(passage, target, around)
  if (addresses === null || passage.cut) return null
  passage.address = addresses[0]!
  try {
    const handed = handDecision(passage, around.ports.audit)
    passage.account = around.accounts.open(passage)
    limitLifetime(passage, around)
    return { addresses, protocol, handed }
  } catch {
    settle(passage, unwritable())
    return null
  }
}

/** An entry of a list means port 80 too, where nobody inspects: what is looked into on the one must not leave by the other. */
function passesBy(passage: Passage, target: Target, { ports: { inspection } }: Surroundings): boolean {
  if (target.port !== 80 || !inspection?.wants({ ...target, port: 443 }, passage.identity)) return false
  settle(passage, refusal(403, 'egress.not-tls', `${target.host} is inspected (egress.inspect), and plain HTTP to it would not be; use https`))
  return true
}

/** Judges again what can be seen now. @returns whether it still may */
export function rejudge(passage: Passage, target: Target, request: Question['request'], around: Surroundings): boolean {
  judgeNow(passage, target, request, around)
  return passage.verdict.allow
}

function judgeNow(passage: Passage, target: Target, request: Question['request'], { ports, rules, allowance }: Surroundings): Admission['protocol'] {
  const { identity } = passage
  const gate = ports.decide({ kind: 'connect', host: target.host, port: target.port, agentId: identity.agentId })
  const { verdict, protocol, wouldBe } = judge({ identity, target, request }, rules, allowance, gate)
  settle(passage, verdict)
  passage.wouldBe = wouldBe
  return protocol
}

function unwritable(): ReturnType<typeof refusal> {
  return refusal(502, 'egress.log-unavailable', 'the audit log cannot be written, so nothing may leave')
}

function takeShare(passage: Passage, { shares }: Surroundings): boolean {
  const share = passage.share ?? shares.take(passage.identity)
  if (typeof share !== 'string') {
    passage.share = share
    return true
  }
  settle(passage, refusal(429, 'egress.share', share))
  return false
}

async function addressesOf(passage: Passage, target: Target, { ports, limits, allowance, rules }: Surroundings): Promise<string[] | null> {
  let addresses: string[]
  try {
    addresses = target.literal ? [target.host] : await within(limits.connectTimeoutMs, ports.resolve(target.host))
  } catch (error) {
    settle(passage, refusal(502, 'egress.unresolved', `${target.host} cannot be resolved: ${messageOf(error)}`))
    return null
  }
  const judged = judgeAddresses(target, addresses, allowance)
  const denied = judged.allow ? judgeDeniedAddresses(target, addresses, rules.layersFor(passage.identity)) : null
  if (denied !== null) settle(passage, refusal(403, denied.rule, denied.reason))
  else if (judged.allow) return addresses
  else settle(passage, refusal(judged.rule === 'egress.unresolved' ? 502 : 403, judged.rule, judged.reason))
  return null
}

// More addresses than this are a zone trying to keep us busy; the first few answer or nobody does.
const maxAddresses = 4

/**
 * Connects to one of the judged addresses, while the decision is on its way to the disk.
 * @param relayed everything the upstream says goes to one client as it is
 * @returns when both are there; `null` with the refusal in `passage.verdict`
 */
export async function connect(passage: Passage, { addresses, handed }: Admission, relayed: boolean, around: Surroundings): Promise<Upstream | null> {
  const upstream = await connectFirst(passage, addresses, relayed, around)
  if (upstream === null || handed.isDurable) return upstream
  try {
    await handed.durable()
    return passage.cut ? null : upstream
  } catch {
    settle(passage, unwritable())
    return null
  }
}

async function connectFirst(passage: Passage, addresses: readonly string[], relayed: boolean, { ports, limits }: Surroundings): Promise<Upstream | null> {
  let lastError = 'no address'
  for (const address of addresses.slice(0, maxAddresses)) {
    if (passage.cut) return null
    const upstream = ports.dial(address, passage.port, relayed)
    const { socket } = upstream
    passage.sockets.push(socket)
    try {
      await connected(socket, limits.connectTimeoutMs)
      passage.address = address
      return passage.cut ? null : upstream
    } catch (error) {
      socket.destroy()
      lastError = messageOf(error)
    }
  }
  settle(passage, refusal(502, 'egress.unreachable', `${passage.target} cannot be reached: ${lastError}`))
  return null
}

function connected(socket: Socket, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no connection within ${timeoutMs} ms`)), timeoutMs)
    const fail = (error?: Error): void => {
      clearTimeout(timer)
      reject(error ?? new Error('closed'))
    }
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.off('close', closed)
      resolve()
    })
    // Stays on: an error after the connection must not be an unhandled one; the relay looks at 'close'.
    socket.on('error', fail)
    const closed = (): void => fail()
    socket.once('close', closed)
  })
}

function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
