import type { Call, Room, StepResult } from './call.ts'
import { decided } from './refusal.ts'
import { unseenInputTokens } from './unseen.ts'

/**
 * Which turn this belongs to. Every model request OpenClaw makes in a guarded turn carries the trace the plugin
 * announced; one that does not comes from a run without the plugin (`openclaw agent exec`, a harness, a plugin that
 * was removed), and that is an alert of its own.
 */
export async function attribute(call: Call, { options, ports }: Room): Promise<StepResult> {
  if (!call.caller!.turnRequired || call.route!.kind === 'models') return 'pass'
  const header = call.request.headers.traceparent
  const turn = await ports.turns.find(typeof header === 'string' ? header : undefined, options.announceGraceMs)
  call.visit.turn = turn
  if (turn) return 'pass'
  const reason = 'the request belongs to no turn that the guard plugin announced; check: hardshell status'
  return { ...decided('turn.unannounced', reason), entry: 'alert' }
}

/** Asks the policy. A list of models carries nothing out and is not an act. */
export function decide(call: Call, { ports }: Room): StepResult {
  if (call.route!.kind === 'models') {
    call.decision = { allow: true, rule: 'models.list', reason: 'a list of models was asked for' }
    return 'pass'
  }
  const { turn } = call.visit
  call.decision = ports.decide({
    kind: 'call-model',
    model: call.ask!.model,
    provider: call.provider!.name,
    agentId: turn?.agentId ?? null,
    sessionKey: turn?.sessionKey ?? null,
    runId: turn?.runId ?? null,
  })
  return call.decision.allow ? 'pass' : decided(call.decision.rule, call.decision.reason)
}

/** Sets the worst case aside, before anything is sent. Counting tokens and listing models costs nothing. */
export async function reserve(call: Call, { ports }: Room): Promise<StepResult> {
  if (call.route!.kind !== 'call') return 'pass'
  const { turn, id } = call.visit
  const answer = await ports.meter.reserve({
    id,
    agentId: turn?.agentId ?? null,
    sessionKey: turn?.sessionKey ?? null,
    provider: call.provider!.name,
    model: call.ask!.model,
    inputBytes: call.body.length,
    maxOutputTokens: call.ask!.maxOutputTokens,
    unseenInputTokens: unseenInputTokens(call.json),
    free: call.caller!.free,
  })
  if (!answer.ok) return decided(`budget.${answer.limit.replace(/^budget\./, '')}`, answer.reason)
  call.reservation = answer.reservationId
  call.capOutputTokens = call.ask!.maxOutputTokens === null ? (answer.capOutputTokens ?? null) : null
  return 'pass'
}
