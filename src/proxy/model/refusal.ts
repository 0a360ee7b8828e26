import { entryOf } from '../close.ts'
import { answer, apiOf, isGateway, modelLabel, type Call, type Room } from './call.ts'

/** A no, as a value: what the log says, and what the client is told. */
export interface Refusal {
  /** Status for clients that want plain HTTP. */
  status: number
  /** Id of the rule that said no. */
  rule: string
  /** One sentence for the person. Free of secrets and of the client's own words. */
  reason: string
  /** `plain`: no decision of ours, everybody gets the status. `decided`: whoever asked gets the form made for him. */
  kind: 'plain' | 'decided'
  /** What the decision is in the log; `null`: nothing was decided, the outcome says it all. */
  entry: 'model_request' | 'auth_event' | 'alert' | null
}

export function decided(rule: string, reason: string, status = 403): Refusal {
  return { status, rule, reason, kind: 'decided', entry: 'model_request' }
}

export function malformed(status: number, rule: string, reason: string): Refusal {
  return { status, rule, reason, kind: 'plain', entry: null }
}

/** Somebody pulled the switch while the call was under way. */
export function cutOff(reason: string): Refusal {
  return decided('kill-switch.cut', reason)
}

/**
 * Writes the refusal down, then tells the client. To OpenClaw it is a well-formed answer whose text says what was
 * refused: 401, 402, 403, 429 and 503 put its key on ice for minutes, for all agents. A log that cannot be written
 * changes nothing about the answer, which is no already.
 */
export async function refuse(call: Call, refusal: Refusal, room: Room): Promise<void> {
  // What went wrong with a provider is told nobody but the log.
  const why = refusal.rule.startsWith('provider.') && call.end.result !== '' ? `: ${call.end.result}` : ''
  call.end.result = `refused: ${refusal.rule}${why}`
  await recordDenial(call, refusal, room).catch((error: unknown) => room.ports.onTrouble?.(error))
  const gently = refusal.kind === 'decided' && isGateway(call)
  if (gently && call.route?.kind === 'call' && call.ask) return sayNo(call, refusal, room)
  const status = gently ? 400 : refusal.status
  const text = apiOf(call).writeError(status, `${refusal.reason} [${refusal.rule}]`, call.visit.id)
  answer(call, status, 'application/json', text)
}

function sayNo(call: Call, { reason, rule }: Refusal, room: Room): void {
  const api = apiOf(call)
  const text = `Refused by Hardshell: ${reason} (rule ${rule}, visit ${call.visit.id})`
  const meta = {
    visit: call.visit.id,
    model: call.ask!.model,
    createdAt: Math.floor(room.ports.clock.now() / 1000),
    inputTokens: 0,
    outputTokens: 0,
    includeUsage: call.ask!.wantsUsage,
  }
  if (!call.ask!.stream) return answer(call, 200, 'application/json', api.writeAnswer({ text }, meta))
  answer(call, 200, 'text/event-stream', api.writeStream({ text }, meta).join(''), ['cache-control', 'no-cache'])
}

async function recordDenial(call: Call, { entry, rule, reason, status }: Refusal, room: Room): Promise<void> {
  if (entry === null) return
  await room.ports.audit.append({
    ...entryOf(call.visit),
    event_type: entry,
    decision: 'deny',
    rule,
    reason,
    target: `${call.request.method} ${call.route?.path ?? '-'}`,
    ...(call.ask && { model: modelLabel(call, room) }),
    ...(entry === 'auth_event' && { status }),
    ...(entry === 'alert' && { severity: 'critical' as const, surface: 'model' }),
  })
}
