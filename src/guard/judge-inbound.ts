import type { AuditSink } from '../auditlog/index.ts'
import type { PluginAnswer, PluginQuestion } from '../control/index.ts'
import type { InputVerdict } from '../proxy/model/index.ts'

/** What messages from channels are judged by. */
export interface InboundPorts {
  audit: AuditSink
  /** Text for the log: secrets taken out. */
  redact(text: string): string
  judgeMessage(text: string, channel: string | null): InputVerdict
}

// As much of a refused message as the hardening guide's own example keeps (step 5), and what is redacted to get there.
const previewChars = 100
const redactedChars = 4_800

/**
 * Judges what somebody wrote to an agent, before any agent reads it. What is let through and stood out is on record as
 * well; the message itself is told by the notice that comes with each. Every field is attacker-controlled.
 */
export async function judgeInbound(
  { text, channel, sender, sessionKey }: PluginQuestion & { kind: 'inbound' },
  { audit, redact, judgeMessage }: InboundPorts,
): Promise<Omit<PluginAnswer, 'id'>> {
  const { block, signals } = judgeMessage(text, channel)
  if (block || signals.length > 0) {
    await audit.append({
      event_type: 'message',
      user: sender ?? channel ?? undefined,
      session: sessionKey ?? undefined,
      decision: block ? 'deny' : 'allow',
      rule: block?.rule ?? 'content.signals',
      ...(block && { reason: block.reason, input_summary: redact(text.slice(0, redactedChars)).slice(0, previewChars) }),
      detail: { direction: 'in', channel, chars: text.length, signals: signals.join(' ') },
    })
  }
  if (block) return { allow: false, ...block }
  return { allow: true, rule: 'default.allow', reason: 'no rule refuses it' }
}
