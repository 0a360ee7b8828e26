import type { Handed, NewEntry } from '../../auditlog/index.ts'
import { entryOf } from '../close.ts'
import { modelLabel, type Call, type Room, type StepResult } from './call.ts'
import { decided, type Refusal } from './refusal.ts'

/**
 * Hands the decision to the log. Nothing is sent before that, and nothing is shown before it is durable (relay.ts); if
 * it cannot be written, the answer is no.
 */
export function record(call: Call, room: Room): Promise<StepResult> {
  const { ports } = room
  const { rule, reason } = call.decision!
  const entry: NewEntry = {
    ...entryOf(call.visit),
    event_type: 'model_request',
    decision: 'allow',
    rule,
    reason,
    target: `${call.request.method} ${call.route!.path}`,
    detail: detailOf(call),
  }
  if (call.ask) {
    entry.model = modelLabel(call, room)
    entry.input_summary = summary(call)
  }
  forgetReading(call)
  const taken = (handed: Handed): StepResult => {
    call.recorded = handed
    return 'pass'
  }
  const failed = (error: unknown): StepResult => {
    ports.onTrouble?.(error)
    return unwritable()
  }
  return ports.audit.writeThisTurn(entry).then(taken, failed)
}

/**
 * What was read of the request is not read again: the bytes go out. Kept while the log is waited for, or until the
 * answer is through, it would outlive its youth, some hundred kilobytes of it each call, and be looked for by full
 * collections from then on.
 */
function forgetReading(call: Call): void {
  call.text = null
  call.json = {}
}

/** Also for a decision that turns out not to be durable. */
export function unwritable(): Refusal {
  const reason = 'the audit log cannot be written, so nothing may be sent; check: hardshell status'
  return { ...decided('log.unwritable', reason, 503), entry: null }
}

function detailOf({ provider, end, signals }: Call): NewEntry['detail'] {
  const detail = { provider: provider!.name, redacted: end.redactedIn }
  return signals.length === 0 ? detail : { ...detail, signals: signals.join(' ') }
}

/** Sizes only: what was said is nobody's business in a log of decisions. */
function summary(call: Call): string {
  const { messages, input, contents, tools: offered } = call.json
  const count = (list: unknown): number => (Array.isArray(list) ? list.length : 0)
  return `${count(messages ?? input ?? contents)} messages, ${count(offered)} tools, ${call.body.length} bytes${call.ask!.stream ? ', streamed' : ''}`
}
