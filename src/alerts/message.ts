import { createHash } from 'node:crypto'
import type { Entry } from '../auditlog/index.ts'

export type Severity = NonNullable<Entry['severity']>

/** From harmless to worst. */
export const severities: readonly Severity[] = ['info', 'warning', 'high', 'critical']

/** How bad an entry is. In a log that was tampered with anything may stand there: that silences nobody. */
export function severityOf({ severity }: Pick<Entry, 'severity'>): Severity {
  return severity !== undefined && severities.includes(severity) ? severity : 'warning'
}

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
  const clean = (text: unknown): string => shown(text, redact)
  return {
    id: `hs_${digest([entry.prev_hash, entry.seq])}`,
    severity: severityOf(entry),
    rule: clean(entry.rule ?? entry.event_type),
    text: clean(entry.reason ?? entry.result_summary ?? entry.event_type),
    facts: told.flatMap((name) => (entry[name] === undefined ? [] : [[name, clean(entry[name])] as const])),
    at: entry.timestamp,
    host,
    group: groupOf(entry),
    ...(entry.rule === undeliveredRule && { isAboutSending: true }),
  }
}

/** A text of an entry as others may see it. One that cannot be looked through for secrets is not shown, and holds up nothing. */
export function shown(text: unknown, redact: MessagePorts['redact']): string {
  try {
    return plain(redact(String(text)))
  } catch {
    return '[cannot be shown]'
  }
}

/**
 * What makes two alerts the same one: the rule, and whom and what it is about. Where no field says what, the sentence
 * does: two budgets that are nearly spent are two things. How bad it is counts too: whoever hears only of the worst was
 * not told yet when the same was harmless before.
 */
export function groupOf({ event_type: type, severity, rule, user, agent_id: agent, target, peer, surface, detail, reason }: Entry): string {
  const what = target ?? surface ?? peer ?? reason
  return digest([type, severity, rule, user, agent, what, target, peer, surface, detail?.['destination'], detail?.['of']])
}

/** Short and of no meaning to anybody: values of an entry may be long, and they are not shown here. */
export function digest(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}

// Longer than any reason of ours, and short enough that what stands behind it is seen too.
const maxChars = 500

/**
 * One line of visible characters. Line breaks would forge lines, headers and log entries; bidirectional, zero-width, tag
 * and filling characters hide what is there: all of them become visible. Addresses of the web lose what makes clients
 * link them. Cut when that is done: a destination refuses what is too long, and a hidden character becomes nine.
 */
export function plain(text: string): string {
  const visible = text
    .slice(0, maxChars + 1)
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, (char) => `\\u{${char.codePointAt(0)!.toString(16)}}`)
    .replaceAll('://', '[:]//')
  return visible.length > maxChars ? `${visible.slice(0, maxChars).toWellFormed()}…` : visible
}
