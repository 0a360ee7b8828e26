import type { Socket } from 'node:net'
import type { Handed, NewEntry, TurnWriter } from '../../auditlog/index.ts'
import type { Decision } from '../../policy/index.ts'
import type { Member } from '../http1/members.ts'
import type { Deadlined } from '../http1/sweep.ts'
import type { Visit } from '../visit.ts'
import type { Account } from './accounts.ts'
import type { Share } from './shares.ts'
import type { EgressIdentity } from './identity.ts'
import type { Patience } from './patience.ts'
import type { Surroundings } from './surroundings.ts'

/** One request on its way through, and all the closing entry says about it. */
export interface Passage extends Member {
  readonly visit: Visit
  identity: EgressIdentity
  /** `host:port` once it could be read, else what came instead, shortened. */
  target: string
  host: string
  port: number
  /** The address it was connected to; empty: to none. */
  address: string
  /** Of a request that could be seen. */
  method: string
  /** Changed by `settle` only. */
  verdict: Verdict
  /** What the lists alone would have said, where the mode let it pass. */
  wouldBe: string | null
  /** Somebody ended it from outside: nothing decided later may bring it back. */
  cut: boolean
  /** Bytes read from, and written to, whoever came: `bytesIn` is what was uploaded. */
  bytesIn: number
  bytesOut: number
  /** What its identity may still use, and what it is charged with. `null`: not admitted. */
  share: Share | null
  /** Where its bytes are counted. `null`: not admitted. */
  account: Account | null
  /** Ends it when it has lasted too long. `null`: nothing does. */
  lifetime: Deadlined | null
  /** What is being waited for. */
  readonly patience: Patience
  /** Everything to destroy when the passage is cut. */
  readonly sockets: Socket[]
}

/** What became of it so far; refusals carry the status the client gets. */
export interface Verdict extends Decision {
  status: number
}

/** No, with what the client is told. */
export function refusal(status: number, rule: string, reason: string): Verdict {
  return { allow: false, status, rule, reason }
}

/** Notes what was decided, unless the passage was cut meanwhile: a cut is final. */
export function settle(passage: Passage, verdict: Verdict): void {
  if (!passage.cut) passage.verdict = verdict
}

/** Ends a passage from outside: a kill switch, a stale proof, a changed list. */
export function cutPassage(passage: Passage, reason: string): void {
  settle(passage, refusal(403, 'egress.cut', reason))
  passage.cut = true
  for (const socket of passage.sockets) socket.destroy()
}

/** Lets an admitted passage last only so long, however busy it is. */
export function limitLifetime(passage: Passage, { sweep, limits }: Surroundings): void {
  if (limits.lifetimeMs === Infinity) return
  const end = {
    deadlineAt: Infinity,
    expire() {
      end.deadlineAt = Infinity
      cutPassage(passage, `it lasted longer than ${limits.lifetimeMs} ms (egress.limits.lifetime)`)
    },
  }
  passage.lifetime = end
  sweep.add(end)
  end.deadlineAt = sweep.after(limits.lifetimeMs)
}

/** Charges bytes to the passage; a limit that is reached ends it, an upload that is large is told. */
export function charge(passage: Passage, up: number, down: number, { limits, accounts }: Surroundings): void {
  passage.bytesIn += up
  passage.bytesOut += down
  const { share, account } = passage
  if (account !== null) accounts.add(account, up, down)
  if (passage.bytesIn + passage.bytesOut > limits.maxBytesPerConnection) {
    return end(passage, `more than ${limits.maxBytesPerConnection} bytes through one connection (egress.limits.bytes_per_connection)`)
  }
  if (share !== null && !share.spend(up + down)) {
    end(passage, `${passage.identity.name} moved more than ${share.bytesPerHour} bytes within an hour (bytes_per_hour)`)
  }
}

function end(passage: Passage, reason: string): void {
  settle(passage, refusal(403, 'egress.too-many-bytes', reason))
  for (const socket of passage.sockets) socket.destroy()
}

/**
 * Hands the decision to the log: it is with the kernel when this resolves, at the end of the turn, together with what
 * else was decided in it. A connection may be made then; no byte may pass, either way, before the line is durable.
 * @throws what the log throws; nobody may connect then
 */
export function handDecision(passage: Passage, audit: TurnWriter): Promise<Handed> {
  return audit.writeThisTurn(entryOf(passage))
}

/** Writes the one closing entry. Never throws: the traffic is over, and the log itself tells when it is broken. */
export function closePassage(passage: Passage, { open, ports, accounts, sweep }: Surroundings): void {
  passage.patience.end()
  if (passage.lifetime !== null) sweep.delete(passage.lifetime)
  passage.share?.leave()
  accounts.close(passage)
  const entry = entryOf(passage)
  entry.status = passage.verdict.status
  entry.bytes_in = passage.bytesIn
  entry.bytes_out = passage.bytesOut
  entry.duration_ms = Math.round(ports.clock.monotonicMs() - passage.visit.startedMs)
  try {
    ports.audit.note(entry)
  } catch {
    // Whoever comes next is refused for the same reason.
  }
  open.delete(passage)
}

function entryOf({ visit, identity, target, verdict, address, method, wouldBe }: Passage): NewEntry {
  const entry: NewEntry = {
    event_type: 'egress_request',
    visit: visit.id,
    peer: visit.peer,
    user: identity.name,
    target,
    decision: verdict.allow ? 'allow' : 'deny',
    rule: verdict.rule,
    reason: verdict.reason,
  }
  if (identity.agentId !== null) entry.agent_id = identity.agentId
  if (address === '' && method === '' && wouldBe === null) return entry
  const detail: Record<string, string> = {}
  if (address !== '') detail['address'] = address
  if (method !== '') detail['method'] = method
  if (wouldBe !== null) detail['would_be'] = wouldBe
  entry.detail = detail
  return entry
}
