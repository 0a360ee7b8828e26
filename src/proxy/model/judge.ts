import type { Decision } from '../../policy/index.ts'
import type { Turn } from '../visit.ts'
import type { Call, Room, StepResult } from './call.ts'
import type { Reservation } from './meter.ts'
import { decided } from './refusal.ts'
import { earlierAttempt, supersede } from './retry.ts'
import { unseenInputTokens } from './unseen.ts'

/**
 * Which turn this belongs to. Every model request OpenClaw makes in a guarded turn carries the trace the plugin
 * announced; one that does not comes from a run without the plugin (`openclaw agent exec`, a harness, a plugin that
 * was removed), and that is an alert of its own.
 */
export function attribute(call: Call, { options, ports }: Room): StepResult | Promise<StepResult> {
  if (!call.caller!.turnRequired || call.route!.kind === 'models') return 'pass'
  const turn = ports.turns.find(call.exchange.header('traceparent'), options.announceGraceMs)
  return turn instanceof Promise ? turn.then((found) => belongs(call, found)) : belongs(call, turn)
}

function belongs(call: Call, turn: Turn | null): StepResult {
  call.visit.turn = turn
  if (turn) return 'pass'
  const reason = 'the request belongs to no turn that the guard plugin announced; check: hardshell status'
  return { ...decided('turn.unannounced', reason), entry: 'alert' }
}

/**
 * Asks the policy. A list of models carries nothing out and is not an act, so that nobody waits for a proof to read
 * one; but who is stopped is told nothing.
 */
export function decide(call: Call, { ports }: Room): StepResult {
  const { turn } = call.visit
  const isList = call.route!.kind === 'models'
  const decision = ports.decide({
    kind: 'call-model',
    model: call.ask?.model ?? '',
    provider: call.provider!.name,
    agentId: turn?.agentId ?? null,
    sessionKey: turn?.sessionKey ?? null,
    runId: turn?.runId ?? null,
    fingerprint: call.fingerprint === '' ? null : call.fingerprint,
  })
  if (!decision.allow && (!isList || decision.rule.startsWith('kill-switch.'))) {
    return decided(decision.rule, decision.reason)
  }
  call.decision = isList ? modelsListed : decision
  return 'pass'
}

const modelsListed: Decision = { allow: true, rule: 'models.list', reason: 'a list of models was asked for' }

/** Sets the worst case aside, before anything is sent. Counting tokens and listing models costs nothing. */
export function reserve(call: Call, room: Room): StepResult | Promise<StepResult> {
  if (call.route!.kind !== 'call') return 'pass'
  const earlier = earlierAttempt(call, room)
  const { turn, id } = call.visit
  const origin = turn?.origin
  const answer = room.ports.meter.reserve({
    id,
    attemptOf: earlier && supersede(earlier),
    agentId: turn?.agentId ?? null,
    sessionKey: turn?.sessionKey ?? null,
    rootSessionKey: origin?.rootSessionKey ?? null,
    user: origin?.user ?? null,
    channel: origin?.channel ?? null,
    cronJob: origin?.cronJob ?? null,
    provider: call.provider!.name,
    model: call.ask!.model,
    inputBytes: call.body.length,
    maxOutputTokens: call.ask!.maxOutputTokens,
    unseenInputTokens: unseenInputTokens(call.json),
    serviceTier: call.ask!.serviceTier,
    free: call.caller!.free,
  })
  return answer instanceof Promise ? answer.then((given) => take(call, given)) : take(call, answer)
}

function take(call: Call, answer: Reservation): StepResult {
  if (!answer.ok) return decided(`budget.${answer.limit.replace(/^budget\./, '')}`, answer.reason)
  call.reservation = answer.reservationId
  call.capOutputTokens = call.ask!.maxOutputTokens === null ? (answer.capOutputTokens ?? null) : null
  return 'pass'
}
