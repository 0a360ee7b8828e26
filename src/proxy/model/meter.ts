import type { Usage as BilledUsage } from '../../budget/index.ts'

/** What a call may cost at worst, told to the meter before anything is sent. */
export interface Claim {
  /** Id of the visit. */
  id: string
  agentId: string | null
  sessionKey: string | null
  /** The session a family of sub-agents began with, who wrote, where, and which job it is: as announced. */
  rootSessionKey: string | null
  user: string | null
  channel: string | null
  cronJob: string | null
  provider: string
  /** As it stands in the request; attacker-controlled. */
  model: string
  /** Bytes of the request body: a token is at least one byte, so this bounds the input tokens from above. */
  inputBytes: number
  /** Tokens the provider adds that are not in those bytes: pictures and files by reference, tools on its side. */
  unseenInputTokens: number
  /** What the client asked for, over all answers (`n`) together. `null`: it set no limit. */
  maxOutputTokens: number | null
  /** What the request says about speed and price (`flex`, `priority`, `fast` …); `null`: nothing. */
  serviceTier: string | null
  /** The reservation of an earlier attempt at the same request that its client gave up, and of which nothing was sent. */
  attemptOf: string | null
  /** A probe of our own: counted nowhere. */
  free: boolean
}

/** The meter's answer to a claim. */
export type Reservation =
  /** @param capOutputTokens send this limit along, the client set none; absent: the request is left as it is */
  | { ok: true; reservationId: string; capOutputTokens?: number }
  /** @param limit name of the limit that would be exceeded; @param reason one sentence naming the setting */
  | { ok: false; limit: string; reason: string }

/** Tokens of one call as they are billed. Kinds do not overlap, except that reasoning is part of output. */
export interface Usage {
  /** Input that neither came from nor went into a cache. */
  inputTokens: number
  outputTokens: number
  cacheReadTokens: number
  cacheWrite5mTokens: number
  /** Anthropic prices what it keeps for an hour higher. */
  cacheWrite1hTokens: number
  reasoningTokens: number
  mediaInputTokens: number
  mediaOutputTokens: number
  webSearches: number
  /** Tier the provider says the answer was made under, and where; left out: it did not say. */
  serviceTier?: string | null
  inferenceGeo?: string | null
  /** What other models did on the provider's side for this answer, billed at their own prices. */
  byOthers?: readonly { model: string; usage: BilledUsage }[]
  /** False: the provider never said its last word; these are upper bounds drawn from the bytes that were seen. */
  exact: boolean
}

/** Where money is counted. Reserve before, then settle or release exactly once. */
export interface ModelMeter {
  reserve(claim: Claim): Reservation | Promise<Reservation>
  /** @param asked what the request asked for: an answer that was cut costs by it */
  settle(reservationId: string, usage: Usage, asked: Asked): Settlement | Promise<Settlement>
  /** What was seen of a running answer, at every piece before it is passed on: a crash is settled from this. */
  progress?(reservationId: string, seen: Usage): void
  /** Nothing was sent, or the provider turned it away: the reservation is given back whole. */
  release(reservationId: string): void | Promise<void>
}

/** As it stands in the request; the model is attacker-controlled. */
export interface Asked {
  model: string
  /** The answer comes piece by piece: one that is cut was made about as far as it was seen. */
  stream: boolean
}

/** What the call cost, in integer micro-USD. */
export interface Settlement {
  costMicroUsd: number
}
