import type { DatabaseSync } from 'node:sqlite'
import { HardshellError, type Clock, type MicroUsd } from '../base/index.ts'
import type { BudgetRefusal, Claim, Limits, Reservation, Seen, Settled, Waiver, Warning } from './claim.ts'
import { openLedger, type ClaimRow } from './ledger.ts'
import { placeOf, potsOf, refuseBadLimits, unattributed } from './pots.ts'
import type { PriceBook } from './prices.ts'
import { systemProcesses, type Processes } from './processes.ts'
import { reserve } from './reserve.ts'
import { closeClaim, costOfSeen, costOfUsage, type Closing } from './settle.ts'
import { readSpend, type SpendQuery, type SpendReport } from './spend.ts'
import type { Usage } from './usage.ts'
import { warningsOf, type World } from './world.ts'

/** Takes money out of the budgets before a call and puts back what the call did not use. */
export interface Meter {
  /**
   * Sets the worst case of a call aside in every budget it touches, in one transaction, or in none.
   * @returns a refusal as a value when a limit stands in the way or no price is known
   * @throws HardshellError `budget.store-failed` (the answer is then no), `budget.bad-claim`, `budget.claim-reused`
   */
  reserve(claim: Claim): Promise<Reservation | BudgetRefusal>
  /**
   * Replaces the reservation by what the call cost. Repeating it changes nothing. It also corrects a call that was
   * released, interrupted or recovered before its true usage arrived.
   * @param paid usage as billed, or the cost where the provider tells it
   * @throws HardshellError `budget.unknown-reservation`, `budget.store-failed`
   */
  settle(id: string, paid: Usage | { costMicroUsd: MicroUsd }): Promise<Settled>
  /** Nothing was sent: gives the whole reservation back. No effect on a call that was settled or interrupted. */
  release(id: string): Promise<void>
  /**
   * The answer broke off: charges what was seen of the input (all of it when nothing was), and of the output the most
   * that can have been made. What a provider generated before it noticed is billed but never shown.
   */
  settleInterrupted(id: string, seen: Seen): Promise<Settled>
  spend(query?: SpendQuery): Promise<SpendReport>
  /**
   * Lets a budget start again from here; the spending stays in the report.
   * @returns how much no longer counts
   */
  waive(what: Waiver): Promise<{ waivedMicroUsd: MicroUsd }>
  /** Charges calls of dead processes, and calls open for six hours, at their worst case. Runs at creation too. */
  recover(): Promise<Settled[]>
  /** What `recover` found at creation: to be logged by whoever opened the meter. */
  readonly recovered: readonly Settled[]
}

export interface MeterOptions {
  /** With `migrations` applied. */
  db: DatabaseSync
  limits: Limits
  prices: PriceBook
}

export interface MeterPorts {
  clock: Clock
  processes?: Processes
}

// No provider keeps a connection open for six hours; what is older was forgotten by its caller.
const maxOpenMs = 6 * 3_600_000
// Closed calls are kept so that a late or repeated settlement is recognised; the totals stay for good.
const keepClosedMs = 62 * 86_400_000

/**
 * Opens the meter on a migrated database and settles what dead processes left behind.
 * @throws HardshellError `budget.bad-limit`, `budget.store-failed`
 */
export function createMeter({ db, limits, prices }: MeterOptions, ports: MeterPorts): Meter {
  refuseBadLimits(limits)
  const world: World = {
    ledger: openLedger(db),
    limits,
    prices,
    clock: ports.clock,
    processes: ports.processes ?? systemProcesses(),
  }
  return {
    recovered: recover(world),
    // `async` only so that every failure is a rejection: the work itself is one synchronous transaction.
    reserve: async (claim) => reserve(world, claim),
    settle: async (id, paid) => close(world, id, 'settled', (row) => costOfUsage(row, paid)),
    settleInterrupted: async (id, seen) => close(world, id, 'interrupted', (row) => costOfSeen(row, seen)),
    release: async (id) => void close(world, id, 'released', () => ({ cost: 0, rejected: false })),
    spend: async (query) => readSpend({ db, limits }, query ?? {}, { clock: ports.clock }),
    waive: async (what) => waive(world, what),
    recover: async () => recover(world),
  }
}

function close(world: World, id: string, how: Settled['how'], price: (row: ClaimRow) => Closing): Settled {
  return world.ledger.atomically(() => {
    const row = world.ledger.find(id)
    if (!row) {
      const message = `call ${id} was never reserved, or longer ago than is kept`
      throw new HardshellError('budget.unknown-reservation', message)
    }
    const settled = closeClaim(world.ledger, row, { how, closing: price(row), at: Math.trunc(world.clock.now()) })
    if (settled.already || row.free) return settled
    return { ...settled, warnings: warningsFor(world, row) }
  })
}

function recover(world: World): Settled[] {
  const now = world.clock.now()
  return world.ledger.atomically(() => {
    world.ledger.forget(now - keepClosedMs)
    const running = new Map<string, boolean>()
    const isRunning = (owner: string): boolean => {
      if (!running.has(owner)) running.set(owner, world.processes.isRunning(owner))
      return running.get(owner)!
    }
    return world.ledger
      .open()
      .filter((row) => !isRunning(row.owner) || now - row.opened_at > maxOpenMs)
      .map((row) => {
        const closing = { cost: row.reserved, rejected: false }
        const settled = closeClaim(world.ledger, row, { how: 'recovered', closing, at: Math.trunc(now) })
        return { ...settled, warnings: row.free ? [] : warningsFor(world, row) }
      })
  })
}

function waive(world: World, what: Waiver): { waivedMicroUsd: MicroUsd } {
  return world.ledger.atomically(() => {
    const day = world.ledger.today(world.clock.now())
    const key = 'key' in what ? what.key : ''
    const place = placeOf({ agentId: key, sessionKey: key, scope: key }, day)
    // The session that unattributed calls share starts anew each day under a name of its own.
    if (key.startsWith(unattributed)) place.sessionPeriod = day
    const pot = potsOf(place, world.limits).find(({ limit }) => limit === what.limit)
    return { waivedMicroUsd: pot ? world.ledger.waive(pot) : 0 }
  })
}

function warningsFor(world: World, row: ClaimRow): Warning[] {
  const { day, agent_id: agentId, session_key: sessionKey, session_period: sessionPeriod, scope } = row
  const pots = potsOf({ day, agentId, sessionKey, sessionPeriod, scope }, world.limits)
  return warningsOf(world, pots, world.ledger.totals(pots))
}
