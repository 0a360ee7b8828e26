import type { MicroUsd } from '../base/index.ts'
import { HardshellError } from '../base/index.ts'
import type { Seen, Settled } from './claim.ts'
import { costOf, inputOf, worstCostOf, type Price } from './price.ts'
import { isCount, isCountable, type Usage } from './usage.ts'
import { accountsOf, touch, type Call, type World } from './world.ts'

/** What a call is charged, and whether the numbers it came with had to be thrown away. */
export interface Closing {
  cost: MicroUsd
  rejected: boolean
}

type Sizes = Pick<Call, 'free' | 'reserved' | 'inputBound' | 'outputBound' | 'price' | 'serviceTier'>

/** The price of a finished call. Counts that are none are answered with the worst case, never with zero. */
export function costOfUsage(
  call: Sizes,
  paid: Usage | { costMicroUsd: MicroUsd },
  priceOfOther: (model: string) => Price | null,
): Closing {
  if (call.free) return { cost: 0, rejected: false }
  if ('costMicroUsd' in paid) {
    const { costMicroUsd } = paid
    // A million dollars for one call is a slip of units, and would carry sums past what SQLite and Node count exactly.
    const plausible = Number.isSafeInteger(costMicroUsd) && costMicroUsd >= 0 && costMicroUsd <= 1e12
    return plausible ? { cost: costMicroUsd, rejected: false } : { cost: call.reserved, rejected: true }
  }
  if (!isCountable(paid) || !isCount(paid.inputTokens) || !isCount(paid.outputTokens))
    return { cost: call.reserved, rejected: true }
  let cost = costOf(withTier(paid, call), priceOf(call))
  for (const { model, usage } of paid.byOthers ?? []) {
    const price = priceOfOther(model)
    if (!price) return { cost: Math.max(cost, call.reserved), rejected: true }
    cost += costOf(withTier(usage, call), price)
  }
  return { cost, rejected: false }
}

/** The price of a call that broke off: see `Meter.settleInterrupted`. */
export function costOfSeen(call: Sizes, { mostOutputTokens, ...all }: Seen): Closing {
  // Other models' share is known only once the answer is complete.
  const { byOthers: _unfinished, ...seen } = all
  const plain = costOfUsage(call, seen, () => null)
  if (call.free || plain.rejected) return plain
  const shown = seen.outputTokens + (seen.mediaOutputTokens ?? 0)
  const vouched = isCount(mostOutputTokens) ? Math.min(mostOutputTokens, call.outputBound) : call.outputBound
  const price = priceOf(call)
  const usage = withTier(seen, call)
  const tier = usage.serviceTier
  const input =
    inputOf(seen) > 0
      ? costOf({ ...usage, outputTokens: 0, reasoningTokens: 0, mediaOutputTokens: 0 }, price)
      : worstCostOf({ inputTokens: call.inputBound, outputTokens: 0 }, price, tier)
  const sizes = { inputTokens: inputOf(seen) > 0 ? inputOf(seen) : call.inputBound, outputTokens: 0 }
  const output =
    worstCostOf({ ...sizes, outputTokens: Math.max(shown, vouched) }, price, tier) - worstCostOf(sizes, price, tier)
  return { cost: Math.max(plain.cost, Math.min(input + output, Math.max(call.reserved, plain.cost))), rejected: false }
}

/** A tier the answer does not name is the one that was asked for, if any was. */
function withTier<T extends Usage>(usage: T, { serviceTier }: Sizes): T {
  return usage.serviceTier || !serviceTier ? usage : { ...usage, serviceTier }
}

/** A call that costs something was reserved at a price; only free ones have none. */
function priceOf({ price }: Sizes): Price {
  return price!
}

// Written ahead of what was seen, so that a stream needs a write every thousand tokens and not at each piece; a guard
// that dies charges at most this much that was never seen.
const aheadTokens = 2_000

/** What a guard's death costs for a call under way: nothing was told of it, or what was seen and a little ahead. */
export function chargeIfLost(call: Call): MicroUsd {
  if (call.seen === null) return call.reserved
  return Math.min(call.reserved, costSoFar(call, call.seen, aheadTokens))
}

/** What a stream has cost up to here, with some more output. */
export function costSoFar(call: Call, seen: Seen, ahead: number): MicroUsd {
  const outputTokens = Math.min(seen.outputTokens + ahead, Math.max(call.outputBound, seen.outputTokens))
  return costOfSeen(call, { ...seen, outputTokens, mostOutputTokens: outputTokens }).cost
}

/** Output up to which a written charge holds without a look at prices: half of what was written ahead is used up. */
export const comfortTokens = aheadTokens / 2

/**
 * Ends a call in memory, or corrects one that ended without its usage being known. A settlement is final; a release
 * does not undo an interruption, because something was seen.
 */
export function end(world: World, call: Call, how: Settled['how'], { cost, rejected }: Closing): Settled {
  if (!mayBecome(call.state, how)) return answer(call, true)
  if (!call.free) {
    if (call.state === 'open') takeBack(world, call, cost)
    else correct(world, call, cost)
    count(world, call, how)
  }
  call.cost = cost
  call.state = how
  call.usageRejected = rejected
  world.calls.delete(call.id)
  world.ended.add(call)
  return answer(call, false)
}

function mayBecome(state: Call['state'], how: Settled['how']): boolean {
  switch (state) {
    case 'open':
      return true
    case 'settled':
      return false
    case 'interrupted':
      return how === 'settled'
    case 'released':
      return how === 'settled' || how === 'interrupted'
    case 'recovered':
      return how !== 'recovered'
  }
}

/** Moves what the call did not use back into the lease: at once what would be charged if the guard died now. */
function takeBack(world: World, call: Call, cost: MicroUsd): void {
  const charge = call.charge ?? call.reserved
  for (const account of call.accounts) {
    account.open -= call.reserved
    account.openCalls -= 1
    account.unwritten += cost
    account.free += charge - cost
    account.returning += call.reserved - charge
    touch(world, account)
  }
  if (call.charge !== null) world.gone.add(call.id)
  world.unwritten.delete(call)
  world.changed.delete(call)
}

function correct(world: World, call: Call, cost: MicroUsd): void {
  for (const account of accountsOf(world, call.place)) {
    account.unwritten += cost - call.cost
    account.free -= cost - call.cost
    touch(world, account)
  }
}

/** A released call was never made: it is no call in the report, and a retry after it is the first. */
function count(world: World, call: Call, how: Settled['how']): void {
  if (call.counted || how === 'released') return
  call.counted = true
  // Those of an open call are the ones in use: they are not forgotten while it is under way.
  const accounts = call.state === 'open' ? call.accounts : accountsOf(world, call.place)
  for (const account of accounts) account.calls += 1
}

/** @throws HardshellError `budget.unknown-reservation` */
export function callNamed({ calls, ended }: World, id: string): Call {
  const call = calls.get(id) ?? ended.get(id)
  if (call) return call
  const message = `call ${id} was never reserved here, or ended longer ago than is remembered`
  throw new HardshellError('budget.unknown-reservation', message)
}

function answer(call: Call, already: boolean): Settled {
  return {
    id: call.id,
    how: call.state as Settled['how'],
    costMicroUsd: call.cost,
    reservedMicroUsd: call.reserved,
    overrunMicroUsd: Math.max(0, call.cost - call.reserved),
    usageRejected: call.usageRejected,
    already,
    warnings: [],
  }
}
