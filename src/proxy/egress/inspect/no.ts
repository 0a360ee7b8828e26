import type { Exchange } from '../../http1/index.ts'
import { alertOf, outcomeOf, type Receipt } from './receipt.ts'
import type { Room } from './room.ts'

/** A request that does not leave, and what its client hears. */
export interface No {
  status: number
  rule: string
  reason: string
  /** It looks like an attempt to carry something out. */
  alarming: boolean
}

export function no(status: number, rule: string, reason: string): No {
  return { status, rule, reason, alarming: false }
}

/** No, and the operator is told. */
export function alarm(rule: string, reason: string): No {
  return { status: 403, rule, reason, alarming: true }
}

export function isNo(value: object): value is No {
  return 'alarming' in value
}

/** Answers with the refusal, as plain text in the protocol the client speaks, and logs it. */
export async function refuse(exchange: Exchange, refusal: No, receipt: Receipt, room: Room): Promise<void> {
  const { status, rule, reason, alarming } = refusal
  Object.assign(receipt, { status, rule, reason })
  receipt.tunnel.settle({ allow: false, status, rule, reason })
  const { audit } = room.ports
  // What is refused has no effect to wait for; a log that cannot be written must not turn a no into silence.
  if (alarming) await audit.append(alertOf(receipt)).catch(() => undefined)
  const body = `${reason}\n`
  receipt.bytesOut += body.length
  exchange.reply.whole(status, { 'x-hardshell-visit': receipt.tunnel.visit.id, 'x-hardshell-rule': rule, 'content-type': 'text/plain; charset=utf-8' }, body)
  await audit.append(outcomeOf(receipt, false, room)).catch(() => undefined)
}
