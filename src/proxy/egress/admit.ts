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

/** What may flow, as the lists have it. */
type Protocol = 'web' | 'tcp'

/** What may go where, with what it needs to get there. */
export interface Admission {
  /** Judged, all of them. */
  readonly addresses: readonly string[]
  readonly protocol: Protocol
  /** The decision's place in the log. */
  readonly handed: Handed
}

/**
 * All that can be said before a name is looked up: switch, lists, share. At once, and without a promise: who is
 * refused here, as a flood is, must cost next to nothing.
 * @returns `null` with the refusal in `passage.verdict`
 */
export function consider(passage: Passage, target: Target, request: Question['request'], around: Surroundings): Protocol | null {
  passage.target = formatTarget(target)
  passage.host = target.host
  passage.port = target.port
  const protocol = judgeNow(passage, target, request, around)
  return !passage.verdict.allow || passesBy(passage, target, around) || !takeShare(passage, around) ? null : protocol
}

/**
 * Takes what was considered to a decision that is with the log. The name is looked up once and never again.
 * @returns `null` with the refusal in `passage.verdict`
 */
export async function admit(passage: Passage, target: Target, protocol: Protocol, around: Surroundings): Promise<Admission | null> {
  let addresses: readonly string[]
  try {
    const found = lookUp(target, around)
    addresses = found instanceof Promise ? await found : found
  } catch (error) {
    settle(passage, refusal(502, 'egress.unresolved', `${target.host} cannot be resolved: ${messageOf(error)}`))
    return null
  }
  if (!judgeFound(passage, target, addresses, around) || passage.cut) return null
  passage.address = addresses[0]!
  try {
    const handed = await handDecision(passage, around.ports.audit)
    if (passage.cut) return null
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

function judgeNow(passage: Passage, target: Target, request: Question['request'], { ports, rules, allowance, answers }: Surroundings): Protocol {
  const { identity } = passage
  const gate = ports.decide({ kind: 'connect', host: target.host, port: target.port, agentId: identity.agentId })
  const question = { identity, target, request }
  let answer = gate.allow ? answers.find(question) : undefined
  answer ??= gate.allow ? answers.keep(question, judge(question, rules, allowance, gate)) : judge(question, rules, allowance, gate)
  const { verdict, protocol, wouldBe } = answer
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

function lookUp(target: Target, { ports, limits }: Surroundings): readonly string[] | Promise<readonly string[]> {
  if (target.literal) return [target.host]
  const found = ports.resolve(target.host)
  return found instanceof Promise ? within(limits.connectTimeoutMs, found) : found
}

function judgeFound(passage: Passage, target: Target, addresses: readonly string[], { allowance, rules }: Surroundings): boolean {
  const judged = judgeAddresses(target, addresses, allowance)
  const denied = judged.allow ? judgeDeniedAddresses(target, addresses, rules.layersFor(passage.identity)) : null
  if (denied !== null) settle(passage, refusal(403, denied.rule, denied.reason))
  else if (!judged.allow) settle(passage, refusal(judged.rule === 'egress.unresolved' ? 502 : 403, judged.rule, judged.reason))
  return judged.allow && denied === null
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
  return upstream !== null && (handed.isDurable || (await onDisk(passage, handed))) ? upstream : null
}

/** Waits until the decision is on the disk. @returns false, with the refusal in `passage.verdict`, when it never will be */
export async function onDisk(passage: Passage, handed: Handed): Promise<boolean> {
  try {
    await handed.durable()
    return !passage.cut
  } catch {
    settle(passage, unwritable())
    return false
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
      await connected(socket, passage, limits.connectTimeoutMs)
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

function connected(socket: Socket, { patience }: Passage, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let isAwaited = true
    const end = (say: () => void): void => {
      if (!isAwaited) return
      isAwaited = false
      patience.rest()
      say()
    }
    patience.wait(timeoutMs, () => end(() => reject(new Error(`no connection within ${timeoutMs} ms`))))
    socket.on('connect', () => end(resolve))
    // Stays on: an error after the connection must not be an unhandled one; the relay looks at 'close'.
    socket.on('error', (error) => end(() => reject(error)))
    socket.on('close', () => end(() => reject(new Error('closed'))))
  })
}

function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
