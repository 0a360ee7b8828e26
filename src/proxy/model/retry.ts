import type { Call, Room } from './call.ts'

/**
 * The call this one repeats, when its client says so: it gave the earlier one up, perhaps before we heard of it. Both
 * running on would be paid twice. Told by the SDKs' count of retries, by OpenClaw's number of the attempt, or by the
 * same idempotency key; and only believed for the same body of the same session.
 * @returns `null` for nearly every call: then nothing is compared
 */
export function earlierAttempt(call: Call, { running }: Room): Call | null {
  const { headers } = call.request
  const again = countOf(headers.get('x-stainless-retry-count')) > 0 || countOf(headers.get('x-openclaw-turn-attempt')) > 1
  const key = headers.get('idempotency-key')
  if (!again && key === undefined) return null
  for (const other of running.list()) {
    if (other === call || !isSame(other, call)) continue
    if (again || other.request.headers.get('idempotency-key') === key) return other
  }
  return null
}

/**
 * Ends the attempt a client gave up. What the provider has of it may be billed and is settled by what was seen; where
 * nothing was sent, its money is handed over to the new one.
 * @returns the reservation to hand over; `null`: there is none
 */
export function supersede(earlier: Call): string | null {
  const reservation = earlier.sent ? null : earlier.reservation
  earlier.cutReason ??= 'the client asked again'
  // Its reservation is taken by the new call before its own end would give it back.
  if (reservation === null) earlier.stop?.()
  return reservation
}

function isSame(other: Call, call: Call): boolean {
  return (
    other.cutReason === null &&
    other.caller?.name === call.caller!.name &&
    other.route?.target === call.route!.target &&
    other.visit.turn?.sessionKey === call.visit.turn?.sessionKey &&
    other.reply.headersSent === false &&
    other.fingerprint === call.fingerprint
  )
}

function countOf(header: string | undefined): number {
  return header !== undefined && /^\d{1,3}$/.test(header) ? Number(header) : 0
}
