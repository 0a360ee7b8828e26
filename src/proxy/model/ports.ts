import type { TurnWriter } from '../../auditlog/index.ts'
import type { Clock, OutboundTls, Secret } from '../../base/index.ts'
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
  /** Bodies of all requests under way together; what goes beyond is refused. Default 256 MiB. */
  maxHeldBytes?: number
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
  /** Origin and optional prefix, without version (`/v1`, `/v1beta`): `https://api.anthropic.com`. */
  baseUrl: string
  /**
   * The real key, asked for once per call so that a rotation needs no restart; best answered at once, from memory.
   * `null`: the provider needs none, or the caller brings his own.
   */
  key: () => Secret | null | Promise<Secret | null>
  /** Streams of OpenAI's chat tell what they cost when asked; `never` for servers that refuse that. Default `ask`. */
  usageInStream?: 'ask' | 'never'
  /** Request headers, in lower case, that go to it beside those every provider may get. */
  forwardHeaders?: readonly string[]
  /** A model inside the guard: nothing leaves the machine, `baseUrl` and `key` are not used. */
  local?: (request: LocalModelRequest) => LocalModelAnswer | Promise<LocalModelAnswer>
}

/** Somebody who may call models. */
export interface Caller extends Who {
  /** The gateway's key: its requests must carry the trace of a turn the plugin announced. */
  turnRequired: boolean
  /** A probe of our own: costs nothing. */
  free: boolean
  /** It came without a key of ours: what it presents is its own, for a provider we have no key for. */
  presentsOwnKey?: true
  /** Providers it may use. Absent: all. */
  providers?: readonly string[]
  /** `assistant-text` for OpenClaw, which puts its key on ice at 401, 402, 403, 429 and 503; `http` for the rest. */
  refusal: 'assistant-text' | 'http'
}

/** The content room's part in this, as pure functions. What is left out is not looked for, and costs nothing. */
export interface ModelContent {
  redactSecrets(text: string): string
  /** In order, not overlapping. */
  findSecrets(text: string): readonly TextFinding[]
  /** As `findSecrets`, where what ends before `from` was decided and need not be found again. */
  findSecretsFrom?(text: string, from: number): readonly TextFinding[]
  /**
   * How many characters at the end of the text may still become (or lengthen) a secret. What it says of a text must
   * not depend on more than the 512 characters before.
   */
  pendingSecretLength(text: string): number
  /** The findings of `findSecrets` that are values somebody handed in, by themselves: what is one is one wherever it stands. */
  findKnown?(text: string): readonly TextFinding[]
  pendingKnownLength?(text: string): number
  /** Changes whenever `findSecrets` may answer differently (a new known value): what was clean is looked at again. */
  secretsVersion?(): number
  /** Judges one text of a request. Asked once for each text and channel as long as it is remembered. */
  screenInput?(text: InputText): InputVerdict
  /** What is put around a tool's result, where the system prompt says what it means. The same for the same text and scope. */
  marksFor?(text: InputText): { open: string; close: string }
  /** Calls of agents are refused when the system prompt's boundary block is gone or changed (signal `boundary.…`). */
  refusesDrift?: boolean
  /** What else is taken out of answers (personal data, exfiltration), or ends them (canaries). */
  answerFinders?: readonly AnswerFinder[]
  /** The same for the arguments of tool calls, where it differs. */
  inArguments?: ModelContent
  /** Only what is looked for beside those: together they are the whole. Present with `inArguments`. */
  besideArguments?: ModelContent
  /** For what must stay as it came (signed thinking, media): known values and what ends an answer; absent: neither is looked for. */
  inKept?: ModelContent
}

/** A place in a text. Offsets are UTF-16 units, `end` is exclusive. */
export interface TextFinding {
  /** Lower case, such as `github-token`. */
  type: string
  start: number
  end: number
  /** The answer must not go on: it is cut with this rule and sentence, and an alert is raised. */
  cut?: { rule: string; reason: string }
  /** It stays where it is; its type is told to the log. */
  isNote?: true
}

/** Looks for one kind of thing in a window over an answer, at least 512 characters of what went before included. */
export interface AnswerFinder {
  /** Only in what is said: an address in the arguments of a tool call is what the tool is asked for. */
  exceptArguments?: boolean
  /** All it finds carries a `cut`. */
  endsAnswers?: boolean
  /** Some of what it finds is only to be told (`isNote`). */
  tells?: boolean
  /** In order, not overlapping. @param from what ends before it was decided and need not be found again */
  find(text: string, from?: number): readonly TextFinding[]
  /** How many characters at the end may still become part of a finding, or change one. */
  pending(text: string): number
}

export interface InputText {
  channel: 'system' | 'user' | 'tool_result'
  /** Of a person's words the channel they came by, as OpenClaw calls it, or nothing; of a tool's the session. */
  scope: string
  text: string
}

export interface InputVerdict {
  /** The request is refused with this rule and sentence, free of the text's own words. */
  block?: { rule: string; reason: string }
  /** Ids of what stood out, for the log. */
  signals: readonly string[]
  /** Something in the text must not go on: rewrites the text, or any part of it. */
  changes?: (text: string) => string
  /** As `marksFor` gave them. */
  marks?: { open: string; close: string }
  /** A system prompt that says what marks mean, unchanged. */
  explainsMarks?: boolean
}

export interface ModelProxyPorts {
  audit: TurnWriter
  clock: Clock
  /** @param presented the credential as received, attacker-controlled; @returns `null` for nobody we know */
  authenticate(presented: string | null): Caller | null
  turns: TurnBook
  decide(act: Act & { kind: 'call-model' }): Decision
  meter: ModelMeter
  content: ModelContent
  /** How connections to providers are encrypted and verified. Left out: TLS 1.2 at least, authorities of Node. */
  outboundTls?: OutboundTls | undefined
  /** Told when something failed that no client can be told about: an outcome that could not be logged or settled. */
  onTrouble?(error: unknown): void
}
