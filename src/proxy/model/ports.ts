import type { AuditSink } from '../../auditlog/index.ts'
import type { Clock, Secret } from '../../base/index.ts'
import type { Act, Decision } from '../../policy/index.ts'
import type { TurnBook } from '../turns.ts'
import type { Who } from '../visit.ts'
import type { ApiName } from './api.ts'
import type { LocalModelAnswer, LocalModelRequest } from './local.ts'
import type { ModelMeter } from './meter.ts'

export interface ModelProxyOptions {
  /** The first one with the fitting API answers paths without a `/p/<name>` prefix. */
  providers: readonly Provider[]
  /** Largest request body. Default 32 MiB: OpenClaw itself refuses 30 MB. */
  maxBodyBytes?: number
  /** Largest answer held in memory when it does not stream, unpacked. Default 64 MiB. */
  maxAnswerBytes?: number
  /** From the whole request until the provider's first header. Default 10 minutes, as both official SDKs have it. */
  upstreamTimeoutMs?: number
  /** Longest silence inside an answer, from the provider or from a client that stopped reading. Default 5 minutes. */
  idleStreamTimeoutMs?: number
  /** How late a turn's announcement may be: OpenClaw fires its hook without waiting for it. Default 2 seconds. */
  announceGraceMs?: number
  /** Calls under way at once; the next one is refused. Default 256. */
  maxConcurrent?: number
}

/** A model at the end of the line. */
export interface Provider {
  /** Lower-case letters, digits, `-`, `_`, `.`: it is a path segment. */
  name: string
  api: ApiName
  /** Origin and optional prefix, without `/v1`: `https://api.anthropic.com`. */
  baseUrl: string
  /** The real key, asked for once per call so that a rotation needs no restart. `null`: pass the client's own on. */
  key: () => Promise<Secret | null>
  /** A model inside the guard: nothing leaves the machine, `baseUrl` and `key` are not used. */
  local?: (request: LocalModelRequest) => LocalModelAnswer | Promise<LocalModelAnswer>
}

/** Somebody who may call models. */
export interface Caller extends Who {
  /** The gateway's key: its requests must carry the trace of a turn the plugin announced. */
  turnRequired: boolean
  /** A probe of our own: costs nothing. */
  free: boolean
  /** Providers it may use. Absent: all. */
  providers?: readonly string[]
  /** `assistant-text` for OpenClaw, which puts its key on ice at 401, 402, 403, 429 and 503; `http` for the rest. */
  refusal: 'assistant-text' | 'http'
}

/** The content room's part in this, as pure functions. */
export interface ModelContent {
  redactSecrets(text: string): string
  /** UTF-16 offsets, in order, not overlapping. */
  findSecrets(text: string): readonly { type: string; start: number; end: number }[]
  /** How many characters at the end of the text may still become (or lengthen) a secret. */
  pendingSecretLength(text: string): number
}

export interface ModelProxyPorts {
  audit: AuditSink
  clock: Clock
  /** @param presented the credential as received, attacker-controlled; @returns `null` for nobody we know */
  authenticate(presented: string | null): Caller | null
  turns: TurnBook
  decide(act: Act & { kind: 'call-model' }): Decision
  meter: ModelMeter
  content: ModelContent
  /** Told when something failed that no client can be told about: an outcome that could not be logged or settled. */
  onTrouble?(error: unknown): void
}
