import { isAscii } from 'node:buffer'
import type { Handed } from '../../auditlog/index.ts'
import type { Decision } from '../../policy/index.ts'
import type { Exchange, Fields, FlatFields, Http1Pool, Reply } from '../http1/index.ts'
import { meet, type Visit } from '../visit.ts'
import { apis, type Api, type Ask } from './api.ts'
import type { ToldDrift } from './drift.ts'
import type { HeldBodies } from './held-bodies.ts'
import type { JsonObject } from './json-text.ts'
import type { KnownClean } from './known-clean.ts'
import type { KnownReadings } from './known-readings.ts'
import type { Caller, ModelContent, ModelProxyOptions, ModelProxyPorts, Provider } from './ports.ts'
import type { Refusal } from './refusal.ts'
import type { CleanHeaders } from './request-headers.ts'
import type { Route } from './route.ts'
import type { Running } from './running.ts'
import type { ScreenedTexts } from './screened-texts.ts'
import { emptyTally, type Tally } from './usage.ts'

/** One request on its way through the steps; each step fills in what it found out. */
export interface Call {
  readonly visit: Visit
  readonly exchange: Exchange
  readonly request: ReceivedRequest
  /** While the decision is not durable, one that keeps what is said (relay.ts). */
  reply: Reply
  /** In `Room.running`. */
  place: number
  /** Of its request, in `Room.held`. */
  heldBytes: number
  route: Route | null
  caller: Caller | null
  provider: Provider | null
  /** The body as it goes out: the very bytes that came in unless something had to change. A large one is empty once it was sent. */
  body: Buffer
  /** How long it was then. */
  sentBytes: number
  /** The body as text; `null`: nobody has asked for it (`textOf`). */
  text: string | null
  json: JsonObject
  /** Of the body as it came: equal bodies have equal ones. */
  fingerprint: string
  ask: Ask | null
  decision: Decision | null
  /** The decision's line in the log: nothing of the answer is shown before it is durable. */
  recorded: Handed | null
  /** What stood out in the request, for the log: ids of signals. */
  signals: readonly string[]
  /** What stood out in the answer. */
  noted: Set<string>
  reservation: string | null
  /** A limit the meter wants sent along. */
  capOutputTokens: number | null
  /** We asked for usage where the client did not. */
  usageAdded: boolean
  tally: Tally

  /** Why an operator ended this call; `null`: nobody did. */
  cutReason: string | null
  /** The client went away before its answer was whole. */
  gone: boolean
  /** Ends what is under way towards the provider. */
  stop: (() => void) | null
  /** Bytes may have reached the provider: it may bill us. */
  sent: boolean
  /** The provider answered with an error: it bills nothing. */
  turnedAway: boolean

  /** For the outcome entry. */
  end: {
    status: number
    bytesIn: number
    bytesOut: number
    result: string
    providerStatus: number | null
    stopReason: string | null
    redactedIn: number
    redactedOut: number
  }
}

/** The head of a request. Attacker-controlled. */
export interface ReceivedRequest {
  method: string
  /** Path and query. */
  url: string
  headers: Fields
}

/** What the steps have in common. */
export interface Room {
  options: Required<ModelProxyOptions>
  ports: ModelProxyPorts
  /** One pool of connections per provider that is not local. */
  pools: ReadonlyMap<string, Http1Pool>
  /** Parts of requests that were looked through and held no secret. */
  knownClean: KnownClean
  /** How the last long requests were read. */
  readings: KnownReadings
  /** Values of request headers that were looked through. */
  headers: CleanHeaders
  /** What `screenInput` said about texts it has seen; `null`: requests are not screened. */
  screened: ScreenedTexts | null
  /** Sessions whose system prompt had lost the boundary block, as far as the log knows. */
  told: ToldDrift
  /** The content room as it looks at answers. */
  answers: ModelContent
  newId: () => string
  running: Running<Call>
  held: HeldBodies
  /** Ends a call that was `sent`. */
  finished(call: Call, result: Refusal | 'answered'): void
}

/**
 * A step answers the client itself, hands back a refusal for somebody else to write, or passes on. `sent`: the call is
 * under way, and `finished` is called when it is over.
 */
export type Step = (call: Call, room: Room) => StepResult | Promise<StepResult>
export type StepResult = 'pass' | 'answered' | 'sent' | Refusal

export function newCall(exchange: Exchange, { ports, newId }: Room): Call {
  const { method, target, fields, reply } = exchange
  return {
    visit: meet('model', exchange.peer, ports.clock, newId()),
    exchange,
    request: { method, url: target, headers: fields },
    reply,
    place: 0,
    heldBytes: 0,
    route: null,
    caller: null,
    provider: null,
    body: noBytes,
    sentBytes: 0,
    text: null,
    json: {},
    fingerprint: '',
    ask: null,
    decision: null,
    recorded: null,
    signals: [],
    noted: new Set(),
    reservation: null,
    capOutputTokens: null,
    usageAdded: false,
    tally: emptyTally(),
    cutReason: null,
    gone: false,
    stop: null,
    sent: false,
    turnedAway: false,
    end: {
      status: 0,
      bytesIn: 0,
      bytesOut: 0,
      result: '',
      providerStatus: null,
      stopReason: null,
      redactedIn: 0,
      redactedOut: 0,
    },
  }
}

const noBytes = Buffer.alloc(0)

/** The API this call is spoken in; before the route is known, OpenAI's, whose errors every client can read. */
export function apiOf(call: Call): Api {
  return apis[call.route?.api ?? 'openai-chat']
}

/** The body as text: UTF-8, as is known once it was read. */
export function textOf(call: Call): string {
  // Latin-1 is a quarter less work for a large one.
  call.text ??= isAscii(call.body) ? call.body.toString('latin1') : call.body.toString('utf8')
  return call.text
}

/** The body is another one from here on. */
export function rewrite(call: Call, text: string): void {
  call.text = text
  call.body = Buffer.from(text)
}

/** True for OpenClaw's own key, which must not see the status codes that put it on ice. */
export function isGateway(call: Call): boolean {
  return call.caller?.refusal === 'assistant-text'
}

/**
 * Sends a whole answer of ours.
 * @param type of the content; `null`: it is among `more`
 */
export function answer(call: Call, status: number, type: string | null, body: string | Buffer, more: FlatFields = []): void {
  call.end.status = status
  if (call.gone || call.reply.headersSent) return
  call.end.bytesOut += Buffer.byteLength(body)
  const fields = [...more, 'x-hardshell-visit', call.visit.id]
  if (type !== null) fields.push('content-type', type)
  call.reply.whole(status, fields, body)
}

// The longest model name in the models.dev list has 79 characters.
const maxModelChars = 128

/** The model's name as it may stand in the log. Attacker-controlled: cut, and rid of secrets. */
export function modelLabel(call: Call, { knownClean, ports }: Room): string {
  const model = call.ask?.model ?? ''
  return (knownClean.coversName(model) ? model : ports.content.redactSecrets(model)).slice(0, maxModelChars)
}
