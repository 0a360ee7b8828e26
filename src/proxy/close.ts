import type { AuditSink, EventType, NewEntry } from '../auditlog/index.ts'
import type { Clock } from '../base/index.ts'
import type { Visit } from './visit.ts'

/** How a visit ended, in the words of the log. Everything in here must already be free of secrets. */
export interface Outcome {
  event: EventType
  /** HTTP status the client saw; 499 when the client left before its answer was whole (nginx's number for it). */
  status: number
  /** Method and path, or host and port: never a query string. */
  target: string
  /** Bytes of body read from, and written to, whoever came. */
  bytesIn: number
  bytesOut: number
  /** One short sentence: `answered`, `refused`, `client left`. */
  result?: string
  model?: string
  tokens?: number
  costMicroUsd?: number
  detail?: NewEntry['detail']
}

/**
 * The last thing that happens to every visit, in a `finally`: one entry that says how it ended. The effect is past,
 * so nothing is refused here; whoever calls decides what a log that cannot be written means for the next visit.
 * @throws HardshellError `auditlog.write-failed`
 */
export async function close(visit: Visit, outcome: Outcome, ports: { audit: AuditSink; clock: Clock }): Promise<void> {
  await ports.audit.append(outcomeEntry(visit, outcome, ports.clock))
}

/** The entry `close` writes, for a door that does not wait for it. */
export function outcomeEntry(visit: Visit, outcome: Outcome, clock: Clock): NewEntry {
  const entry: NewEntry = {
    ...entryOf(visit),
    event_type: outcome.event,
    status: outcome.status,
    target: outcome.target,
    bytes_in: outcome.bytesIn,
    bytes_out: outcome.bytesOut,
    duration_ms: Math.round(clock.monotonicMs() - visit.startedMs),
  }
  if (outcome.result !== undefined) entry.result_summary = outcome.result
  if (outcome.model !== undefined) entry.model = outcome.model
  if (outcome.tokens !== undefined) entry.tokens_used = outcome.tokens
  if (outcome.costMicroUsd !== undefined) entry.cost_micro_usd = outcome.costMicroUsd
  if (outcome.detail !== undefined) entry.detail = outcome.detail
  return entry
}

/** The fields every entry about a visit carries, so that its decision and its outcome can be joined. */
export function entryOf(visit: Visit): Pick<NewEntry, 'visit' | 'peer' | 'user' | 'agent_id' | 'session' | 'trace_id'> {
  const { id, peer, who, turn } = visit
  if (!turn) return who ? { visit: id, peer, user: who.name } : { visit: id, peer }
  const whose = { agent_id: turn.agentId, session: turn.sessionKey, trace_id: turn.traceId }
  return who ? { visit: id, peer, user: who.name, ...whose } : { visit: id, peer, ...whose }
}
