import type { MicroUsd } from '../base/index.ts'
import { potId, type Pot } from './pots.ts'

/**
 * One pot as this guard keeps it in memory. Of the money of a limited pot the guard owns a lease, which is
 * `unwritten + open + free + returning` at every moment: reserving, settling and releasing only move money between
 * these, and a write moves `unwritten` into the totals.
 */
export interface Account {
  readonly pot: Pot
  readonly id: string
  /** False until a transaction has read it: nothing may be reserved before. */
  loaded: boolean
  /** The limit that holds now, with an override; `null`: none. */
  limitMicroUsd: MicroUsd | null
  /** Budget time at which that limit ends and must be read anew. */
  limitUntil: number
  /** Totals of all guards, as of the last write. */
  spent: MicroUsd
  waived: MicroUsd
  /** Leases of the other guards, as of the last write. */
  others: MicroUsd
  /** Our lease as it stands in the table. */
  leased: MicroUsd
  /** Spent here since the last write. */
  unwritten: MicroUsd
  calls: number
  /** Reserved by calls under way here. */
  open: MicroUsd
  openCalls: number
  /** May be reserved at once. If this guard dies now, all of it is charged: it may have been spent. */
  free: MicroUsd
  /**
   * Given back by calls that were written down as costing less than their reservation. Reserved again before the next
   * write, it could be spent without anybody ever knowing; after it, it is `free`.
   */
  returning: MicroUsd
  /** What calls asked for since the last write, and in how many calls. */
  asked: MicroUsd
  askedCalls: number
  /** When somebody asked last, monotonic, as of the last write. */
  lastAskedMs: number
  /** What calls ask for between two writes, smoothed. 0 unless calls come quickly. */
  demand: MicroUsd
  /** Writes since somebody last used it. */
  idleWrites: number
  /** Lowest warn level not yet told, as a fraction. */
  untold: number
}

export function openAccount(pot: Pot): Account {
  return {
    pot,
    id: potId(pot),
    loaded: false,
    limitMicroUsd: pot.limitMicroUsd,
    limitUntil: Infinity,
    spent: 0,
    waived: 0,
    others: 0,
    leased: 0,
    unwritten: 0,
    calls: 0,
    open: 0,
    openCalls: 0,
    free: 0,
    returning: 0,
    asked: 0,
    askedCalls: 0,
    lastAskedMs: -Infinity,
    demand: 0,
    idleWrites: 0,
    untold: Infinity,
  }
}

/** What nobody has spent or set aside; negative after a bill beyond its reservation or a lowered limit. */
export function unleased(account: Account): MicroUsd {
  const { limitMicroUsd, spent, waived, others, open, free } = account
  return limitMicroUsd === null ? Infinity : limitMicroUsd - (spent - waived) - others - open - free
}

/** True when nothing is left in memory that a table does not hold too. */
export function isAtRest({ unwritten, calls, openCalls, free, returning, leased }: Account): boolean {
  return unwritten === 0 && calls === 0 && openCalls === 0 && free === 0 && returning === 0 && leased === 0
}
