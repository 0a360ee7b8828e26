import { close } from '../close.ts'
import { apiOf, modelLabel, type Call, type Room } from './call.ts'
import type { Usage } from './meter.ts'
import { totalTokens, usageOf } from './usage.ts'

/** What happens last, always: the money is settled, and one entry says how the visit ended. */
export async function settleAndClose(call: Call, room: Room): Promise<void> {
  const usage = used(call)
  let costMicroUsd: number | null = null
  try {
    costMicroUsd = await settle(call, usage, room)
  } catch (error) {
    room.ports.onTrouble?.(error) // the reservation stays: the money counts as spent, which errs on the safe side
  }
  const { end } = call
  try {
    await close(
      call.visit,
      {
        event: 'model_request',
        status: call.gone ? 499 : end.status,
        target: `${call.request.method} ${call.route?.path ?? '-'}`,
        bytesIn: end.bytesIn,
        bytesOut: end.bytesOut,
        result: call.gone ? 'the client left' : end.result,
        ...(call.ask && { model: modelLabel(call, room.ports) }),
        ...(usage && { tokens: totalTokens(usage) }),
        ...(costMicroUsd !== null && { costMicroUsd }),
        detail: detailOf(call, usage),
      },
      room.ports,
    )
  } catch (error) {
    room.ports.onTrouble?.(error)
  }
}

/** What the call used; `null` when the provider saw nothing of it, turned it away, or it is not billed. */
function used(call: Call): Usage | null {
  if (!call.sent || call.turnedAway || call.route?.kind !== 'call') return null
  return usageOf(call.tally, apiOf(call).flavor, call.body.length)
}

async function settle(call: Call, usage: Usage | null, { ports }: Room): Promise<number | null> {
  if (call.reservation === null) return null
  if (usage) return (await ports.meter.settle(call.reservation, usage)).costMicroUsd
  await ports.meter.release(call.reservation)
  return 0
}

function detailOf({ end, provider }: Call, usage: Usage | null): Record<string, string | number | boolean | null> {
  return {
    ...(provider && { provider: provider.name }),
    ...(end.providerStatus !== null && { provider_status: end.providerStatus }),
    ...(end.stopReason !== null && { stop_reason: end.stopReason.slice(0, 40) }),
    ...(end.redactedIn > 0 && { redacted_in: end.redactedIn }),
    ...(end.redactedOut > 0 && { redacted_out: end.redactedOut }),
    ...(usage && {
      input_tokens: usage.inputTokens,
      output_tokens: usage.outputTokens,
      cache_read_tokens: usage.cacheReadTokens,
      cache_write_tokens: usage.cacheWrite5mTokens + usage.cacheWrite1hTokens,
      usage_exact: usage.exact,
    }),
  }
}
