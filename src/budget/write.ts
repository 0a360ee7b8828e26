import type { MicroUsd } from '../base/index.ts'
import { isAtRest, type Account } from './account.ts'
import { budgetNow, moveOn } from './calendar.ts'
import { feelDemand, fitLease, restfulWrites } from './lease.ts'
import { potsOf } from './pots.ts'
import { chargeIfLost } from './settle.ts'
import { levelsReached } from './verdict.ts'
import { accountsOf, touch, type Call, type World } from './world.ts'

/** What may be done to the books while they are being written. */
export interface Books {
  /** Brings an account up to date with the tables; once per write. */
  load(account: Account): void
}

export interface WriteOptions {
  /** Gives idle leases back too. */
  resting?: boolean
  /** Writes down every open call, also the youngest. */
  everyCall?: boolean
}

// A call that ends sooner is not worth two rows: until it is written down, its whole reservation is charged to the
// lease if the guard dies, which is never too little.
const worthWritingMs = 50

/**
 * The group commit: everything that changed in memory since the last time goes to the disk in one transaction, leases
 * are made to fit, and `during` may look at the truth and take more of it. Nothing in memory changes when it fails.
 *
 * @throws HardshellError `budget.store-failed`
 */
export function write<T>(world: World, during: (books: Books) => T, options: WriteOptions = {}): T {
  const { ledger } = world
  const before = new Map<Account, Account>()
  const generation = world.calendar.generation
  const warned = world.warnings.length
  try {
    const written = ledger.atomically(() => {
      moveOn(ledger, world.calendar, world.clock.now())
      if (ledger.expireOverrides(budgetNow(world.calendar, world.clock.now()))) ledger.nextGeneration()
      const books = booksOf(world, before)
      if (!ledger.hasGuard(world.guard)) joinAnew(world, books)
      if (world.calendar.generation !== generation) forgetLimits(world)
      if (options.resting) for (const account of world.resting) touch(world, account)
      for (const account of world.touched) books.load(account)
      const result = during(books)
      for (const account of before.keys()) putLease(world, account)
      const rows = putCalls(world, options.everyCall === true)
      if (world.closed && world.calls.size === 0) ledger.leave(world.guard)
      return { result, rows }
    })
    afterWrite(world, [...before.keys()], written.rows)
    return written.result
  } catch (error) {
    for (const [account, was] of before) Object.assign(account, was)
    world.warnings.length = warned
    world.failing = true
    throw error
  }
}

function booksOf(world: World, before: Map<Account, Account>): Books {
  return {
    load(account) {
      if (before.has(account)) return
      before.set(account, { ...account })
      feelDemand(account, world.clock.monotonicMs())
      readTotals(world, account)
      if (account.pot.limit === 'model') return
      if (!account.loaded || budgetNow(world.calendar, world.clock.now()) >= account.limitUntil) readLimit(world, account)
      account.loaded = true
      // A bill above its reservation is in the totals now; what is left of the lease starts from nothing again.
      account.free = Math.max(0, account.free + account.returning)
      account.returning = 0
      if (account.limitMicroUsd !== null) account.others = world.ledger.leasedByOthers(account.pot, world.guard)
      tellLevels(world, account)
    },
  }
}

function readTotals({ ledger }: World, account: Account): void {
  const { pot, unwritten, calls } = account
  const hasNews = unwritten !== 0 || calls !== 0
  if (pot.limit === 'model' && !hasNews) return
  const { spent, waived } = hasNews ? ledger.add(pot, unwritten, calls) : ledger.total(pot)
  account.spent = spent
  account.waived = waived
  account.unwritten = 0
  account.calls = 0
}

// More than can ever be spent, and still far from where sums stop being exact.
const unlimited: MicroUsd = 2 ** 52

function readLimit({ ledger, limits }: World, account: Account): void {
  const override = ledger.overrideOf(account.pot)
  account.limitMicroUsd = override ? (override.allow ?? unlimited) : account.pot.limitMicroUsd
  account.limitUntil = override?.until ?? Infinity
  account.untold = account.limitMicroUsd === 0 ? Infinity : Math.min(...levelsOf(limits))
}

function forgetLimits(world: World): void {
  for (const account of world.accounts.values()) {
    if (account.pot.limit === 'model') continue
    account.loaded = false
    touch(world, account)
  }
}

// Half, most of it, and gone.
const defaultLevels = [0.5, 0.8, 1]

function levelsOf({ warnAt }: World['limits']): readonly number[] {
  return warnAt ?? defaultLevels
}

/** Levels are told once, whichever guard notices: the table knows. */
function tellLevels(world: World, account: Account): void {
  const { limitMicroUsd: limit, spent, waived } = account
  if (limit === null || (spent - waived) / limit < account.untold) return
  const reached = levelsReached(account, levelsOf(world.limits))
  for (const warning of reached) {
    if (world.ledger.markWarned(account.pot, limit, warning.crossed)) world.warnings.push(warning)
  }
  const left = levelsOf(world.limits).filter((level) => !reached.some(({ crossed }) => crossed === level))
  account.untold = Math.min(...left)
}

function putLease(world: World, account: Account): void {
  if (account.pot.limit === 'model') return
  fitLease(account)
  if (world.closed) account.free = 0
  const amount = account.limitMicroUsd === null ? 0 : account.open + account.free
  if (amount !== account.leased) world.ledger.putLease(account.pot, world.guard, amount)
  account.leased = amount
}

interface Rows {
  put: { call: Call; charge: MicroUsd }[]
  dropped: string[]
}

function putCalls(world: World, everyCall: boolean): Rows {
  const { ledger, guard } = world
  const oldEnough = world.clock.monotonicMs() - worthWritingMs
  const due = [...world.unwritten].filter((call) => everyCall || call.openedMonotonicMs <= oldEnough)
  const put = [...due, ...world.changed].map((call) => ({ call, charge: chargeIfLost(call) }))
  for (const { call, charge } of put) {
    const { id, place, reserved, openedAt } = call
    ledger.putOpen({ guard, id, place, reserved, charge, openedAt })
  }
  const dropped = [...world.gone]
  for (const id of dropped) ledger.dropOpen(guard, id)
  return { put, dropped }
}

function afterWrite(world: World, accounts: readonly Account[], { put, dropped }: Rows): void {
  world.failing = false
  for (const { call, charge } of put) {
    call.charge = charge
    world.unwritten.delete(call)
    world.changed.delete(call)
  }
  for (const id of dropped) world.gone.delete(id)
  for (const account of accounts) {
    world.touched.delete(account)
    if (isAtRest(account) && account.idleWrites >= restfulWrites) forgetAccount(world, account)
    else if (account.free > 0 || account.openCalls === 0) world.resting.add(account)
  }
}

function forgetAccount(world: World, account: Account): void {
  world.accounts.delete(account.id)
  world.resting.delete(account)
  world.routes.clear()
}

/**
 * The first write of a guard, or the first after another took it for dead, charged its calls and gave its leases away.
 * Then what it spent in truth replaces what was charged for it, and its open calls are set aside again: they are under
 * way, whatever the limits say.
 */
function joinAnew(world: World, books: Books): void {
  const { ledger, guard } = world
  ledger.join(guard, Math.trunc(world.clock.now()))
  for (const { place, charge } of ledger.open({ guard, recovered: true })) {
    for (const pot of potsOf(place, world.limits)) ledger.add(pot, -charge, -1)
    for (const account of accountsOf(world, place)) touch(world, account)
  }
  ledger.dropRecovered(guard)
  for (const { amount, ...pot } of ledger.takeWrittenOff(guard)) ledger.add(pot, -amount, 0)
  for (const account of world.accounts.values()) {
    books.load(account)
    account.leased = 0
    account.free = 0
  }
  for (const call of world.calls.values()) if (call.charge !== null) world.changed.add(call)
}
