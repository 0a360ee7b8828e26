import type { Clock } from '../base/index.ts'
import { randomId, systemRandom, type Random } from '../base/index.ts'

/**
 * One request that came to one of our doors, from the first byte to the closing entry of the log.
 * It is born knowing nothing but its peer; the steps fill in who it is.
 */
export interface Visit {
  /** Unguessable, given to the client in `x-hardshell-visit` and found in every entry about it. */
  id: string
  door: 'ingress' | 'model' | 'egress'
  /** Peer address as the kernel reports it. */
  peer: string
  /** Wall time of arrival, ms. */
  at: number
  /** Monotonic time of arrival, ms: durations are measured from here. */
  startedMs: number
  /** Set by the login step. `null`: nobody yet. */
  who: Who | null
  /** The OpenClaw turn this visit belongs to, as the plugin announced it. `null`: not (yet) known. */
  turn: Turn | null
}

/** Who is asking: a named token, a virtual key, a proof's own probe. */
export interface Who {
  /** Name of the credential, never the credential: `operator`, `ci_token`, `gateway`, `probe`. */
  name: string
  permissions: readonly string[]
}

/** A turn of an agent, as the plugin announced it under the trace id the model request carries. */
export interface Turn {
  agentId: string
  sessionKey: string
  runId: string
  /** W3C trace id, 32 hex digits. */
  traceId: string
  /** Who is behind the turn, as far as the plugin could tell. Absent: only the session is known. */
  origin?: TurnOrigin
}

/** Where a turn came from: what budgets per user, channel and job are charged by. Claims of the agent's side. */
export interface TurnOrigin {
  /** The session a family of sub-agents began with; the session itself when nobody spawned it. */
  rootSessionKey: string
  /** Whoever wrote the message, in the channel's words. */
  user: string | null
  channel: string | null
  /** Id of the automation job. */
  cronJob: string | null
}

/** A fresh visit at one of the doors. */
export function meet(door: Visit['door'], peer: string, clock: Clock, id: string = randomId()): Visit {
  return { id, door, peer, at: clock.now(), startedMs: clock.monotonicMs(), who: null, turn: null }
}

// What `randomId` takes: 96 bits.
const idBytes = 12
// Asking the kernel costs more than what it gives: once for so many ids.
const idsAtOnce = 512

/** The same ids as `randomId` gives, for a door that meets thousands in a second. */
export function createIdSource(random: Random = systemRandom): () => string {
  let pool: Buffer = Buffer.alloc(0)
  let at = 0
  return () => {
    if (at === pool.length) {
      pool = random.bytes(idBytes * idsAtOnce)
      at = 0
    }
    at += idBytes
    return pool.toString('base64url', at - idBytes, at)
  }
}
