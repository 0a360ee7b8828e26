import type { AuditWriter } from '../../../auditlog/index.ts'
import type { Clock, OutboundTls, Random, Secret } from '../../../base/index.ts'
import type { Decision } from '../../../policy/index.ts'
import type { EgressIdentity } from '../identity.ts'
import type { InspectSetting } from './settings.ts'

export interface InspectionOptions {
  hosts: readonly InspectSetting[]
  /** Folder of the guard's own, entered by nobody else: the authority and its key lie there. */
  folder: string
  /** What sentinels are derived from; the same key gives the same sentinels. */
  sentinelKey: Secret
  /** Default 10 s, as TLS servers commonly have it. */
  handshakeTimeoutMs?: number
  /** From the whole request to the origin's first header. Default 2 minutes. */
  answerTimeoutMs?: number
  /** Longest silence in an answer, and longest rest between two requests. Default 5 minutes. */
  idleTimeoutMs?: number
  /** Bodies of all requests under way together. Default 32 MiB. */
  maxHeldBytes?: number
}

export interface InspectionPorts {
  audit: AuditWriter
  clock: Clock
  random: Random
  /** How origins are spoken to. */
  tls: OutboundTls
  content: InspectContent
  /** May this identity have the secret put in? */
  mayUse(secret: string, identity: EgressIdentity): Decision
  /** A secret as it is now, at once from memory where possible. @returns `null` when no store has it */
  secret(name: string): Secret | null | Promise<Secret | null>
}

/** The content room's part. Texts are attacker-controlled. */
export interface InspectContent {
  /** The text, and every text hidden in it by an encoding. */
  layers(text: string): readonly string[]
  /** Kinds of secrets in a text; empty: none. */
  secretsIn(text: string): readonly string[]
  /** The text with its secrets taken out. */
  redact(text: string): string
  /** Does it hold a canary? */
  holdsCanary(text: string): boolean
  /** Takes secrets out of a text that arrives in pieces. */
  answerRedactor(): { push(chunk: string): string; end(): string }
  /** Ids of what stands out in an answer, for the log. */
  signalsIn(text: string): readonly string[]
}
