import type { Socket } from 'node:net'
import type { AuditSink } from '../../auditlog/index.ts'
import type { Clock } from '../../base/index.ts'
import type { Act, Decision } from '../../policy/index.ts'
import type { Visit } from '../visit.ts'
import type { PrivateAllowance } from './addresses.ts'
import type { HostPolicy } from './host-policy.ts'

/** What every request through the egress proxy finds around it. */
export interface Surroundings {
  policy: HostPolicy
  readonly allowance: PrivateAllowance
  readonly limits: { connectTimeoutMs: number; idleTimeoutMs: number; maxBytesPerConnection: number }
  readonly open: Set<Passage>
  readonly ports: {
    audit: AuditSink
    clock: Clock
    decide(act: Extract<Act, { kind: 'connect' }>): Decision
    resolve(host: string): Promise<string[]>
    connect(address: string, port: number): Socket
  }
}

/** One request on its way through, and all the closing entry says about it. */
export interface Passage {
  readonly visit: Visit
  /** `host:port` once it could be read, else what came instead, shortened. */
  target: string
  host: string
  port: number
  /** Changed by `settle` only. */
  verdict: Verdict
  /** Somebody ended it from outside: nothing decided later may bring it back. */
  cut: boolean
  /** Bytes read from, and written to, whoever came: `bytesIn` is what was uploaded. */
  bytesIn: number
  bytesOut: number
  /** Everything to destroy when the passage is cut. */
  readonly sockets: Socket[]
}

/** What became of it so far; refusals carry the status the client gets. */
export interface Verdict extends Decision {
  status: number
}

/** No, with what the client is told. */
export function refusal(status: number, rule: string, reason: string): Verdict {
  return { allow: false, status, rule, reason }
}

/** Notes what was decided, unless the passage was cut meanwhile: a cut is final. */
export function settle(passage: Passage, verdict: Verdict): void {
  if (!passage.cut) passage.verdict = verdict
}

/** Ends a passage from outside: a kill switch, a stale proof, a changed list. */
export function cutPassage(passage: Passage, reason: string): void {
  settle(passage, refusal(403, 'egress.cut', reason))
  passage.cut = true
  for (const socket of passage.sockets) socket.destroy()
}

/**
 * Writes the decision; resolves when it is on disk, so that the connection may follow.
 * @throws what the log throws; nobody may connect then
 */
export async function logDecision(passage: Passage, { audit }: Surroundings['ports']): Promise<void> {
  const { visit, target, verdict } = passage
  await audit.append({
    event_type: 'egress_request',
    visit: visit.id,
    peer: visit.peer,
    target,
    decision: verdict.allow ? 'allow' : 'deny',
    rule: verdict.rule,
    reason: verdict.reason,
  })
}

/** Writes the one closing entry. Never throws: the traffic is over, and the log itself tells when it is broken. */
export async function closePassage(passage: Passage, { open, ports }: Surroundings): Promise<void> {
  open.delete(passage)
  const { visit, target, verdict, bytesIn, bytesOut } = passage
  const entry = {
    event_type: 'egress_request' as const,
    visit: visit.id,
    peer: visit.peer,
    target,
    decision: verdict.allow ? ('allow' as const) : ('deny' as const),
    rule: verdict.rule,
    reason: verdict.reason,
    status: verdict.status,
    bytes_in: bytesIn,
    bytes_out: bytesOut,
    duration_ms: Math.round(ports.clock.monotonicMs() - visit.startedMs),
  }
  await ports.audit.append(entry).catch(() => undefined)
}
