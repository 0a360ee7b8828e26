import type { TurnWriter } from '../../auditlog/index.ts'
import type { Clock } from '../../base/index.ts'
import type { Act, Decision } from '../../policy/index.ts'
import type { Accounts } from './accounts.ts'
import type { PrivateAllowance } from './addresses.ts'
import type { Upstream } from './downstream.ts'
import type { EgressIdentity } from './identity.ts'
import type { EgressInspection } from './inspection.ts'
import type { KnownAnswers } from './known-answers.ts'
import type { Lookup } from './lookup.ts'
import type { Passages } from './passages.ts'
import type { EgressRules } from './rules.ts'
import type { Sweep } from '../http1/sweep.ts'
import type { Shares } from './shares.ts'

/** Times and sizes of one connection. */
export interface ConnectionLimits {
  connectTimeoutMs: number
  /** From the answer to CONNECT to a whole first record, or head. */
  openingTimeoutMs: number
  idleTimeoutMs: number
  /** However busy it is. `Infinity`: no end. */
  lifetimeMs: number
  /** Both directions together. `Infinity`: no limit. */
  maxBytesPerConnection: number
}

/** What every request through the egress proxy finds around it. */
export interface Surroundings {
  rules: EgressRules
  readonly allowance: PrivateAllowance
  readonly allowEch: boolean
  /** Is a connection without a credential the gateway's, or nobody's? */
  readonly unidentified: 'gateway' | 'refuse'
  readonly limits: ConnectionLimits
  readonly shares: Shares
  readonly accounts: Accounts
  readonly open: Passages
  /** What the lists of now have said. */
  readonly answers: KnownAnswers
  readonly sweep: Sweep
  readonly newId: () => string
  readonly ports: {
    audit: TurnWriter
    clock: Clock
    decide(act: Extract<Act, { kind: 'connect' }>): Decision
    authenticate(name: string, token: string): EgressIdentity | null
    resolve: Lookup
    dial(address: string, port: number, relayed: boolean): Upstream
    inspection: EgressInspection | null
  }
}
