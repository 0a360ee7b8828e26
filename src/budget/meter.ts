import type { DatabaseSync } from 'node:sqlite'
import { HardshellError, randomId, type Clock, type MicroUsd } from '../base/index.ts'
import type { Account } from './account.ts'
import type { BudgetRefusal, Claim, Limits, Recovery, Reservation, Seen, Settled, Waiver, WriteOff } from './claim.ts'
import { Ended } from './ended.ts'
import { giveUpForgotten, Keeper } from './keeper.ts'
import { openLedger } from './ledger.ts'
import { listOverrides, makeOverride, revokeOverride, waive, type Override, type OverrideRequest } from './override.ts'
import { refuseBadLimits } from './pots.ts'
import type { PriceBook } from './prices.ts'
import { systemProcesses, type Processes } from './processes.ts'
import { guardName, recoverDead } from './recover.ts'
import { claimReused, examine, reserveFromLease } from './reserve.ts'
import { systemSchedule, type Schedule } from './schedule.ts'
import { callNamed, comfortTokens, costOfSeen, costOfUsage, costSoFar, end, type Closing } from './settle.ts'
import { readSpend, type SpendQuery, type SpendReport } from './spend.ts'
import { inputOf } from './price.ts'
import type { Usage } from './usage.ts'
import { accountsOf, takeWarnings, touch, type Call, type World } from './world.ts'

/** Takes money out of the budgets before a call and puts back what the call did not use. */
export interface Meter {
  /**
   * Sets the worst case of a call aside in every budget it touches, or in none.
   * @returns at once when this guard's leases cover it, a promise when they must grow first; a refusal as a value
   *   when a limit stands in the way or no price is known
   * @throws HardshellError `budget.bad-claim`, `budget.claim-reused`; `budget.store-failed` (the answer is then no),
   *   also as a rejection
   */
  reserve(claim: Claim): Reservation | BudgetRefusal | Promise<Reservation | BudgetRefusal>
  /**
   * Replaces the reservation by what the call cost. Repeating it changes nothing. It also corrects a call that was
   * released, interrupted or recovered before its true usage arrived. Written down within milliseconds; a guard that
   * dies before has it charged from its lease.
   * @param paid usage as billed, or the cost where the provider tells it
   * @throws HardshellError `budget.unknown-reservation`
   */
  settle(id: string, paid: Usage | { costMicroUsd: MicroUsd }): Settled
  /** Nothing was sent: gives the whole reservation back. No effect on a call that was settled or interrupted. */
  release(id: string): void
  /**
   * The answer broke off: charges what was seen of the input (all of it when nothing was), and of the output the most
   * that can have been made. What a provider generated before it noticed is billed but never shown.
   */
  settleInterrupted(id: string, seen: Seen): Settled
  /**
   * Tells what was seen of a running answer, so that it costs this much and not its worst case if this guard dies.
   * Cheap: call it at every piece, before the piece is passed on. No effect on a call that ended.
   * @param seen so far, in all; input left at 0 while it is not known
   * @throws HardshellError `budget.store-failed` when it could not be written down: the answer should be cut
   */
  progress(id: string, seen: Usage): void
  spend(query?: SpendQuery): Promise<SpendReport>
  /**
   * Lets a budget start again from here; the spending stays in the report.
   * @returns how much no longer counts
   */
  waive(what: Waiver): Promise<{ waivedMicroUsd: MicroUsd }>
  /**
   * Puts another limit in place of a budget's own, for a while. Lasts over restarts and holds for every guard.
   * To be logged by the caller, before.
   * @throws HardshellError `budget.bad-override`
   */
  override(request: OverrideRequest): Promise<Override>
  overrides(): Promise<Override[]>
  /** @returns false when there is none of that id that still holds */
  revokeOverride(id: number): Promise<boolean>
  /** Charges what dead guards left behind, and own calls open for six hours. Dead ones at creation too. */
  recover(): Promise<Recovery>
  /** What was found at creation: to be logged by whoever opened the meter. */
  readonly recovered: readonly Settled[]
  readonly writtenOff: readonly WriteOff[]
  /** Writes down everything now. @throws HardshellError `budget.store-failed` */
  flush(): void
  /** Writes down everything, gives all leases back and stops. Calls under way may still be settled. */
  close(): void
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
  schedule?: Schedule
  /** Told of dead guards and forgotten calls that are found while the meter runs, to log them. */
  onRecovered?: (found: Recovery) => void
}

/**
 * Opens the meter on a migrated database and settles what dead processes left behind.
 * @throws HardshellError `budget.bad-limit`, `budget.store-failed`
 */
export function createMeter(options: MeterOptions, ports: MeterPorts): Meter {
  refuseBadLimits(options.limits)
  const world = newWorld(options, ports)
  const keeper = new Keeper(world)
  const found = recoverDead(world)
  const close = (id: string, how: Settled['how'], price: (call: Call) => Closing): Settled =>
    closeCall(world, keeper, { call: callNamed(world, id), how, price })
  return {
    recovered: found.calls,
    writtenOff: found.writtenOff,
    reserve: (claim) => reserve(world, keeper, claim),
    settle: (id, paid) =>
      close(id, 'settled', (call) =>
        costOfUsage(call, paid, (model) => world.prices.priceOf({ ...sellerOf(call), model, at: ports.clock.now() })),
      ),
    settleInterrupted: (id, seen) => close(id, 'interrupted', (call) => costOfSeen(call, seen)),
    release: (id) => void close(id, 'released', () => ({ cost: 0, rejected: false })),
    progress: (id, seen) => progress(world, keeper, callNamed(world, id), seen),
    async spend(query) {
      keeper.flush({ everyCall: true })
      return readSpend(options, query ?? {}, { clock: ports.clock })
    },
    // Written twice: the change itself, then what it means for the leases of this guard.
    waive: async (what) => afterwards(waive(world, what), keeper),
    override: async (request) => afterwards(makeOverride(world, request), keeper),
    overrides: async () => listOverrides(world),
    revokeOverride: async (id) => afterwards(revokeOverride(world, id), keeper),
    async recover() {
      const forgotten = giveUpForgotten(world)
      const { calls, writtenOff } = recoverDead(world)
      return { calls: [...calls, ...forgotten], writtenOff }
    },
    flush: () => keeper.flush(),
    close: () => keeper.close(),
  }
}

function reserve(world: World, keeper: Keeper, claim: Claim): ReturnType<Meter['reserve']> {
  if (world.closed) {
    throw new HardshellError('budget.store-failed', 'the meter is closed', { hint: 'start the guard again' })
  }
  if (keeper.isWaiting(claim.id)) throw claimReused(claim.id)
  const asking = examine(world, claim)
  if ('granted' in asking) return asking
  const reservation = reserveFromLease(world, asking)
  if (!reservation) return keeper.ask(asking)
  if (!claim.free) keeper.wake()
  return reservation
}

function closeCall(
  world: World,
  keeper: Keeper,
  { call, how, price }: { call: Call; how: Settled['how']; price: (call: Call) => Closing },
): Settled {
  const wasOpen = call.state === 'open'
  const settled = end(world, call, how, price(call))
  if (settled.already || call.free) return settled
  if ((wasOpen ? call.accounts : accountsOf(world, call.place)).some(cannotWait)) keeper.flushOrRetry()
  else keeper.wake()
  return { ...settled, warnings: takeWarnings(world) }
}

/** More was spent than would be charged if this guard died now, or somebody is to be warned. */
function cannotWait({ limitMicroUsd, free, spent, waived, unwritten, untold }: Account): boolean {
  return limitMicroUsd !== null && (free < 0 || spent - waived + unwritten >= untold * limitMicroUsd)
}

function progress(world: World, keeper: Keeper, call: Call, seen: Usage): void {
  if (call.state !== 'open' || call.free) return
  const was = call.seen
  call.seen = seen
  const isFarAhead =
    was !== null && call.charge !== null && inputOf(was) === inputOf(seen) && seen.outputTokens <= call.comfort
  if (isFarAhead) return
  call.comfort = seen.outputTokens + comfortTokens
  for (const account of call.accounts) touch(world, account)
  if (call.charge === null) return keeper.wake() // the whole reservation is charged until it is written down
  world.changed.add(call)
  if (costSoFar(call, seen, 0) > call.charge) keeper.flush()
  else keeper.wake()
}

/** Models that help with an answer are the same provider's. */
function sellerOf({ place }: Call): { provider: string } {
  return { provider: place.model.slice(0, place.model.indexOf('/')) }
}

function afterwards<T>(result: T, keeper: Keeper): T {
  keeper.flush()
  return result
}

function newWorld({ db, limits, prices }: MeterOptions, ports: MeterPorts): World {
  const processes = ports.processes ?? systemProcesses()
  return {
    ledger: openLedger(db),
    limits,
    prices,
    clock: ports.clock,
    processes,
    schedule: ports.schedule ?? systemSchedule,
    onRecovered: ports.onRecovered ?? (() => {}),
    guard: guardName(processes.self, randomId()),
    calendar: { latestMs: 0, generation: 0, day: '', dayStartMs: -Infinity },
    accounts: new Map(),
    routes: new Map(),
    touched: new Set(),
    resting: new Set(),
    calls: new Map(),
    ended: new Ended(),
    unwritten: new Set(),
    changed: new Set(),
    gone: new Set(),
    warnings: [],
    failing: false,
    closed: false,
  }
}
