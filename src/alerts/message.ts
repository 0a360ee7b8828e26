import { createHash } from 'node:crypto'
import type { Entry } from '../auditlog/index.ts'

export type Severity = NonNullable<Entry['severity']>

/** From harmless to worst. */
export const severities: readonly Severity[] = ['info', 'warning', 'high', 'critical']

/** Whether something is as bad as somebody wants to hear of. */
export function reaches(severity: Severity, minimum: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(minimum)
}

/** What is sent: plain text, redacted, on one line each. Every channel puts it into its own form. */
export interface Message {
  /** The same however often it is tried: receivers tell a repetition by it. */
  id: string
  severity: Severity
  /** Id of the rule, or what kind of message it is. */
  rule: string
  /** What happened. Names in it are attacker-controlled. */
  text: string
  /** Fields of the entry with their names. Values are attacker-controlled. */
  facts: readonly (readonly [string, string])[]
  /** When it happened, ISO 8601. */
  at: string
  /** Machine the guard runs on. */
  host: string
  /** The same for everything that is about the same. */
  group: string
  /** Slack channel or mail address that was named; left out: where alerts go. */
  to?: string
  /** It is about sending itself: that it could not be sent is not told once more. */
  isAboutSending?: boolean
}

/** Rule of entries about messages nobody got. */
export const undeliveredRule = 'alerts.undelivered'

export interface MessagePorts {
  /** Takes secrets out of a text. */
  redact(text: string): string
  host: string
}

// Enough to find the entry and to know whom it is about. Sessions are left out: their keys hold telephone numbers.
const told = ['user', 'agent_id', 'target', 'peer', 'surface', 'tool', 'model', 'visit'] as const

/** An entry as a message. */
export function messageAbout(entry: Entry, { redact, host }: MessagePorts): Message {
  const clean = (text: unknown): string => plain(redact(String(text)))
  const severity = entry.severity ?? 'warning'
  return {
    id: `hs_${digest([entry.prev_hash, entry.seq])}`,
    severity,
    rule: clean(entry.rule ?? entry.event_type),
    text: clean(entry.reason ?? entry.result_summary ?? entry.event_type),
    facts: told.flatMap((name) => (entry[name] === undefined ? [] : [[name, clean(entry[name])] as const])),
    at: entry.timestamp,
    host,
    group: groupOf(entry),
    ...(entry.rule === undeliveredRule && { isAboutSending: true }),
  }
}

/**
 * What makes two alerts the same one: the rule, and whom and what it is about. Where no field says what, the sentence
 * does: two budgets that are nearly spent are two things.
 */
export function groupOf({ event_type: type, rule, user, agent_id: agent, target, peer, surface, detail, reason }: Entry): string {
  const what = target ?? surface ?? peer ?? reason
  return digest([type, rule, user, agent, what, target, peer, surface, detail?.['destination']])
}

/** Short and of no meaning to anybody: values of an entry may be long, and they are not shown here. */
export function digest(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}

// Longer than any reason of ours; twelve of them fit into one UDP datagram of syslog, a Slack block (3,000) and a page.
const maxChars = 500

/**
 * One line of visible characters. Line breaks would forge lines, headers and log entries; bidirectional, zero-width and
 * tag characters hide what is there: all of them become visible. Addresses of the web lose what makes clients link them.
 */
export function plain(text: string): string {
  const cut = text.length > maxChars ? `${text.slice(0, maxChars)}…` : text
  return cut
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${char.codePointAt(0)!.toString(16)}}`)
    .replaceAll('://', '[:]//')
}
