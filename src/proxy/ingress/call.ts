import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Pool } from 'undici'
import type { WebSocketServer } from 'ws'
import type { Decision } from '../../policy/index.ts'
import type { Visit } from '../visit.ts'
import type { Brake } from './brake.ts'
import type { IngressOptions, IngressPorts } from './ingress.ts'
import type { Sessions } from './sessions.ts'

/** One request at the front door on its way through the steps, and all its closing entry says. */
export interface Call {
  readonly visit: Visit
  readonly request: IncomingMessage
  /** Where an answer goes: an HTTP response, or the bare socket of an upgrade. */
  readonly client: { kind: 'http'; response: ServerResponse } | { kind: 'websocket'; socket: Socket; head: Buffer }
  readonly method: string
  /** Decoded path without query; what rules look at. Attacker-controlled. */
  readonly path: string
  /** The client sent `Expect: 100-continue` and waits for a sign before it sends the body. */
  readonly expectsContinue: boolean
  /** The page that asks came over https, by way of one of the public origins. */
  secure: boolean
  /** Session the login rests on; `null` for a bearer token. */
  session: string | null
  decision: Decision
  status: number
  bytesIn: number
  bytesOut: number
  /** Ends it at once, in the way its protocol has for that. */
  end: (reason: string) => void
  cut: boolean
}

/** What every step finds around it. */
export interface Surroundings {
  readonly options: IngressOptions
  readonly ports: IngressPorts
  readonly sessions: Sessions
  readonly brake: Brake
  /** Connections to the gateway. */
  readonly gateway: Pool
  readonly webSockets: WebSocketServer
  readonly open: Set<Call>
  /** WebSockets that have not said yet who they are. */
  unidentified: number
}

/** What a step says: an answer ends the request, `next` passes on, `served` means the answer is already given. */
export type Step = (call: Call, around: Surroundings) => Promise<Turnout> | Turnout
export type Turnout = Answer | 'next' | 'served'

/** An answer of our own. Never holds what the client presented. */
export interface Answer {
  status: number
  rule: string
  reason: string
  headers?: Readonly<Record<string, string>>
  /** Absent: a JSON error naming reason and visit. */
  body?: { type: string; text: string }
  /** True for answers that refuse nothing: a page, a redirect after a login. */
  welcome?: boolean
}

/** A refusal. */
export function refuse(status: number, rule: string, reason: string): Answer {
  return { status, rule, reason }
}
