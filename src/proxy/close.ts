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
  await ports.audit.append({
    ...entryOf(visit),
    event_type: outcome.event,
    status: outcome.status,
    target: outcome.target,
    bytes_in: outcome.bytesIn,
    bytes_out: outcome.bytesOut,
    duration_ms: Math.round(ports.clock.monotonicMs() - visit.startedMs),
    ...(outcome.result !== undefined && { result_summary: outcome.result }),
    ...(outcome.model !== undefined && { model: outcome.model }),
    ...(outcome.tokens !== undefined && { tokens_used: outcome.tokens }),
    ...(outcome.costMicroUsd !== undefined && { cost_micro_usd: outcome.costMicroUsd }),
    ...(outcome.detail !== undefined && { detail: outcome.detail }),
  })
}

/** The fields every entry about a visit carries, so that its decision and its outcome can be joined. */
export function entryOf(visit: Visit): Pick<NewEntry, 'visit' | 'peer' | 'user' | 'agent_id' | 'session' | 'trace_id'> {
  return {
    visit: visit.id,
    peer: visit.peer,
    ...(visit.who && { user: visit.who.name }),
    ...(visit.turn && {
      agent_id: visit.turn.agentId,
      session: visit.turn.sessionKey,
      trace_id: visit.turn.traceId,
    }),
  }
}
