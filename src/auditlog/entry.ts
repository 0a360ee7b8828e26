/**
 * One line of the audit log. The first nine fields are those of the hardening guide's sample entry, under the
 * guide's names; the rest is ours. Values are already redacted when they arrive here.
 */
export interface Entry {
  /** Position in the chain, from 0, without gaps, across rotated files. */
  seq: number
  /** UTC, ISO 8601 with milliseconds. */
  timestamp: string
  event_type: EventType
  agent_id?: string
  tool?: string
  input_summary?: string
  result_summary?: string
  duration_ms?: number
  model?: string
  tokens_used?: number
  /** `operator`, `system/cron`, a token's name: never a credential. */
  user?: string
  /** W3C trace id: joins the entries of one turn. */
  trace_id?: string
  /** What was decided, before anything was done. */
  decision?: 'allow' | 'deny'
  /** Id of the rule that decided. */
  rule?: string
  reason?: string
  /** The visit this entry is about: joins decision and outcome. */
  visit?: string
  session?: string
  peer?: string
  /** Host and port asked for, method and path: never a query string or a body. */
  target?: string
  status?: number
  bytes_in?: number
  bytes_out?: number
  /** Integer micro-USD. */
  cost_micro_usd?: number
  /** The surface a proof or an alert is about. */
  surface?: string
  /** The nonce of a proof. */
  nonce?: string
  severity?: 'info' | 'warning' | 'high' | 'critical'
  /** Anything small that has no field of its own. */
  detail?: Readonly<Record<string, string | number | boolean | null>>
  /** `sha256:` and the hex digest of the whole previous line without its newline; 64 zeros for the first. */
  prev_hash: string
}

/** What a caller hands in: place in the chain and time are the log's to give. */
export type NewEntry = Omit<Entry, 'seq' | 'timestamp' | 'prev_hash'>

/** The guide's six kinds, and ours. One visit usually leaves two entries: a decision before, an outcome after. */
export const eventTypes = [
  'agent_invocation',
  'tool_call',
  'api_request',
  'auth_event',
  'config_change',
  'job_execution',
  'model_request',
  'egress_request',
  'dns_query',
  'message',
  'install',
  'kill_switch',
  'lifecycle',
  'proof',
  'alert',
] as const

export type EventType = (typeof eventTypes)[number]

/** Where an entry came to stand: proof that it is on disk. */
export interface Receipt {
  seq: number
  /** Digest of the entry's own line, in the form of `prev_hash`. */
  hash: string
}

/** What the rest of the program sees of the log: it can add to it. */
export interface AuditSink {
  /**
   * Resolves when the line is on the disk, not before: the effect may follow.
   * @throws HardshellError `auditlog.write-failed`, `auditlog.queue-full`, `auditlog.entry-invalid`, `auditlog.closed`;
   *   whichever it is, the caller's answer is no
   */
  append(entry: NewEntry): Promise<Receipt>
}

/**
 * The log of a door whose effects take longer than a disk: the effect may begin once the line is with the kernel, and
 * nothing of it may be shown before the line is durable (docs/decisions/0005-two-stage-log.md).
 */
export interface AuditWriter extends AuditSink {
  /**
   * When this returns, the line and all before it are with the kernel: they survive the death of this process, not
   * yet a power cut.
   * @throws HardshellError as `append` rejects; the caller's answer is no
   */
  write(entry: NewEntry): Handed
  /**
   * Adds a line nobody waits for, such as how a visit ended: with the kernel at the end of this turn of the event
   * loop at the latest, on the disk within a tenth of a second.
   * @throws HardshellError as `append` rejects
   */
  note(entry: NewEntry): void
}

/** The log of a door that decides thousands of times in a second. */
export interface TurnWriter extends AuditWriter {
  /**
   * As `write`, but lines of one turn of the event loop share a write: resolves at its end, when the kernel has them.
   * Rejects where `write` throws.
   */
  writeThisTurn(entry: NewEntry): Promise<Handed>
}

/** What becomes of a line that is with the kernel. */
export interface Handed {
  /** The disk has it. Never goes back to false. */
  readonly isDurable: boolean
  /**
   * Resolves when the disk has it.
   * @throws HardshellError `auditlog.write-failed` when the disk refused; the line is then taken back
   */
  durable(): Promise<void>
}
