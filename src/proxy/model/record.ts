import { entryOf } from '../close.ts'
import { modelLabel, type Call, type Room, type StepResult } from './call.ts'
import { decided } from './refusal.ts'

/** Puts the decision on the disk. Nothing is sent before that; if it cannot be written, the answer is no. */
export async function record(call: Call, { ports }: Room): Promise<StepResult> {
  const { rule, reason } = call.decision!
  try {
    await ports.audit.append({
      ...entryOf(call.visit),
      event_type: 'model_request',
      decision: 'allow',
      rule,
      reason,
      target: `${call.request.method} ${call.route!.path}`,
      ...(call.ask && { model: modelLabel(call, ports), input_summary: summary(call) }),
      detail: { provider: call.provider!.name, redacted: call.end.redactedIn },
    })
    return 'pass'
  } catch (error) {
    ports.onTrouble?.(error)
    const reason = 'the audit log cannot be written, so nothing may be sent; check: hardshell status'
    return { ...decided('log.unwritable', reason, 503), entry: null }
  }
}

/** Sizes only: what was said is nobody's business in a log of decisions. */
function summary(call: Call): string {
  const messages = Array.isArray(call.json.messages) ? call.json.messages.length : 0
  const tools = Array.isArray(call.json.tools) ? call.json.tools.length : 0
  return `${messages} messages, ${tools} tools, ${call.body.length} bytes${call.ask!.stream ? ', streamed' : ''}`
}
