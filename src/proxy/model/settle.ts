import { outcomeEntry, type Outcome } from '../close.ts'
import { apiOf, modelLabel, type Call, type Room } from './call.ts'
import type { Usage } from './meter.ts'
import { totalTokens, usageOf } from './usage.ts'

/** What happens last, always: the money is settled, and one entry says how the visit ended. @returns when it is done */
export function settleAndClose(call: Call, room: Room): void | Promise<void> {
  let usage: Usage | null = null
  const missed = (error: unknown): void => {
    room.ports.onTrouble?.(error) // the reservation stays: the money counts as spent, which errs on the safe side
    leave(call, room, { usage, costMicroUsd: null })
  }
  try {
    usage = usedBy(call)
    const cost = settle(call, usage, room)
    if (!(cost instanceof Promise)) return leave(call, room, { usage, costMicroUsd: cost })
    return cost.then((costMicroUsd) => leave(call, room, { usage, costMicroUsd }), missed)
  } catch (error) {
    missed(error)
  }
}

interface Bill {
  usage: Usage | null
  costMicroUsd: number | null
}

/** The effect is past: nobody waits for this line, and a log that does not take it refuses whoever comes next. */
function leave(call: Call, room: Room, { usage, costMicroUsd }: Bill): void {
  const { end } = call
  const { audit, clock } = room.ports
  const outcome: Outcome = {
    event: 'model_request',
    status: call.gone ? 499 : end.status,
    target: `${call.request.method} ${call.route?.path ?? '-'}`,
    bytesIn: end.bytesIn,
    bytesOut: end.bytesOut,
    result: call.gone ? 'the client left' : end.result,
    detail: detailOf(call, usage),
  }
  if (call.ask) outcome.model = modelLabel(call, room)
  if (usage) outcome.tokens = totalTokens(usage)
  if (costMicroUsd !== null) outcome.costMicroUsd = costMicroUsd
  try {
    audit.note(outcomeEntry(call.visit, outcome, clock))
  } catch (error) {
    room.ports.onTrouble?.(error)
  }
}

/** What the call has used so far; `null` when the provider saw nothing of it, turned it away, or it is not billed. */
export function usedBy(call: Call): Usage | null {
  if (!call.sent || call.turnedAway || call.route?.kind !== 'call') return null
  return usageOf(call.tally, apiOf(call).flavor, call.sentBytes)
}

function settle(call: Call, usage: Usage | null, { ports }: Room): number | null | Promise<number> {
  if (call.reservation === null) return null
  if (usage) {
    const settled = ports.meter.settle(call.reservation, usage, call.ask!)
    return settled instanceof Promise ? settled.then(({ costMicroUsd }) => costMicroUsd) : settled.costMicroUsd
  }
  const released = ports.meter.release(call.reservation)
  return released instanceof Promise ? released.then(() => 0) : 0
}

function detailOf({ end, noted, provider }: Call, usage: Usage | null): Record<string, string | number | boolean | null> {
  const detail: Record<string, string | number | boolean | null> = {}
  if (provider) detail.provider = provider.name
  if (end.providerStatus !== null) detail.provider_status = end.providerStatus
  if (end.stopReason !== null) detail.stop_reason = end.stopReason.slice(0, 40)
  if (end.redactedIn > 0) detail.redacted_in = end.redactedIn
  if (end.redactedOut > 0) detail.redacted_out = end.redactedOut
  if (noted.size > 0) detail.signals = [...noted].join(' ')
  if (!usage) return detail
  detail.input_tokens = usage.inputTokens
  detail.output_tokens = usage.outputTokens
  detail.cache_read_tokens = usage.cacheReadTokens
  detail.cache_write_tokens = usage.cacheWrite5mTokens + usage.cacheWrite1hTokens
  detail.usage_exact = usage.exact
  return detail
}
