import type { NewEntry } from '../../../auditlog/index.ts'
import { formatTarget } from '../target.ts'
import type { InspectedTunnel } from '../inspection.ts'
import type { Exchange } from '../../http1/index.ts'
import type { Room } from './room.ts'

/** What is known of one inspected request, for its entries in the log. */
export interface Receipt {
  readonly tunnel: InspectedTunnel
  readonly startedMs: number
  /** Method, host, port and path; no query, no secret. */
  target: string
  rule: string
  reason: string
  status: number
  bytesIn: number
  bytesOut: number
  /** Names of the secrets that were put in. */
  readonly substituted: string[]
  /** Secrets taken out of the request's body, and out of the answer. */
  redactedIn: number
  redactedOut: number
  /** What stood out in the answer. */
  signals: readonly string[]
}

export function newReceipt(exchange: Exchange, tunnel: InspectedTunnel, { ports }: Room): Receipt {
  return {
    tunnel,
    startedMs: ports.clock.monotonicMs(),
    target: `${exchange.method} ${formatTarget(tunnel.target)}`,
    rule: 'egress.failed',
    reason: 'nothing was decided yet',
    status: 502,
    bytesIn: 0,
    bytesOut: 0,
    substituted: [],
    redactedIn: 0,
    redactedOut: 0,
    signals: [],
  }
}

// A path is there to recognise a request by; what is longer carries something.
const maxPathChars = 200

/** A path as it may stand in the log: secrets and sentinels taken out, cut. Attacker-controlled. */
export function pathForLog(path: string, { ports }: Room): string {
  const begin = path.slice(0, 16 * maxPathChars)
  // Said in the log, a canary would be read there by whoever has business reading logs, and by our own screens.
  if (ports.content.holdsCanary(begin)) return '/[canary]'
  const clean = ports.content.redact(begin).replaceAll(/hssentinel_[\w-]*/gi, '[sentinel]').replaceAll(/[^\x21-\x7e]/g, '?')
  return clean.length > maxPathChars ? `${clean.slice(0, maxPathChars)}…` : clean
}

/** The entry that says how a request ended. */
export function outcomeOf(receipt: Receipt, allowed: boolean, { ports }: Room): NewEntry {
  const { tunnel, startedMs, target, rule, reason, status, bytesIn, bytesOut } = receipt
  return {
    event_type: 'egress_request',
    visit: tunnel.visit.id,
    peer: tunnel.visit.peer,
    user: tunnel.identity.name,
    ...(tunnel.identity.agentId !== null && { agent_id: tunnel.identity.agentId }),
    target,
    decision: allowed ? 'allow' : 'deny',
    rule,
    reason,
    status,
    bytes_in: bytesIn,
    bytes_out: bytesOut,
    duration_ms: Math.round(ports.clock.monotonicMs() - startedMs),
    detail: detailOf(receipt),
  }
}

function detailOf({ substituted, redactedIn, redactedOut, signals }: Receipt): NonNullable<NewEntry['detail']> {
  return {
    inspected: true,
    ...(substituted.length > 0 && { substituted: substituted.join(' ') }),
    ...(redactedIn > 0 && { redacted_in: redactedIn }),
    ...(redactedOut > 0 && { redacted_out: redactedOut }),
    ...(signals.length > 0 && { signals: signals.join(' ') }),
  }
}

/** Somebody tries to carry something out: an operator wants to hear of it. */
export function alertOf(receipt: Receipt): NewEntry {
  const { tunnel, target, rule, reason } = receipt
  const whose = tunnel.identity.agentId === null ? {} : { agent_id: tunnel.identity.agentId }
  return { event_type: 'alert', severity: 'high', visit: tunnel.visit.id, peer: tunnel.visit.peer, user: tunnel.identity.name, ...whose, target, rule, reason }
}
