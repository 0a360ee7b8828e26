import type { Socket } from 'node:net'
import type { Visit } from '../visit.ts'
import type { EgressIdentity } from './identity.ts'
import type { Verdict } from './passage.ts'
import type { Target } from './target.ts'

/** A look inside TLS, for chosen hosts. Takes a tunnel over after it was admitted and before anything is relayed. */
export interface EgressInspection {
  /** Shall tunnels to this target be opened? Asked at admission: a rule about methods and paths counts on it. */
  wants(target: Target, identity: EgressIdentity): boolean
  /** Owns both ends from here until both are closed. Whatever it throws ends the tunnel. */
  carry(tunnel: InspectedTunnel): Promise<void>
}

/** An admitted tunnel: the decision is in the log, the name was looked up, its addresses judged, the server name too. */
export interface InspectedTunnel {
  readonly visit: Visit
  readonly target: Target
  readonly identity: EgressIdentity
  /** Paused. What it has said so far is in `opening`. */
  readonly client: Socket
  /** Connected to the judged address, nothing sent yet. */
  readonly upstream: Socket
  /** The client's first bytes: a whole ClientHello, for the host that was asked for. */
  readonly opening: Buffer
  /** Judges and records one request seen inside, by the rules a plain request is judged by. */
  judge(request: { method: string; path: string }): Promise<Verdict>
  /** Counts payload: bytes from the client, bytes to the client. Cuts the tunnel at a limit. */
  count(up: number, down: number): void
  /** What became of the tunnel, when it is not what the last request's verdict says. */
  settle(verdict: Verdict): void
}
