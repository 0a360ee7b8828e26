import { unleased, type Account } from './account.ts'

// Calls that come more slowly can each wait for a write of their own, a fifth of a millisecond; what they leave of
// their reservations goes back at once, so a guard that dies on a quiet day takes nothing with it.
const busyCalls = 4
const busyWithinMs = 25
// Writes follow each other by at least 15 ms; a lease for three of them hardly ever runs out.
const writesAhead = 3
// A guard that dies is charged its free part. A fiftieth is bearable, and several guards leave the limit usable.
const shareOfLimit = 1 / 50
// Of what nobody holds at most an eighth: near the limit leases shrink and the last money goes to whoever asks first.
const shareOfRest = 1 / 8
/** After so many writes in which nobody asked, a lease goes back and its account is forgotten. */
export const restfulWrites = 2

/** Notes what was asked for since the last write. */
export function feelDemand(account: Account, monotonicMs: number): void {
  const { asked, askedCalls, demand, lastAskedMs } = account
  const isBusy = askedCalls >= busyCalls || (askedCalls > 0 && monotonicMs - lastAskedMs < busyWithinMs)
  account.demand = isBusy ? Math.max(asked, Math.floor(demand * 0.9)) : Math.floor(demand / 2)
  account.idleWrites = askedCalls > 0 ? 0 : account.idleWrites + 1
  if (account.idleWrites >= restfulWrites) account.demand = 0
  if (askedCalls > 0) account.lastAskedMs = monotonicMs
  account.asked = 0
  account.askedCalls = 0
}

/** Makes the free part as large as demand, limit and rest allow, or gives back what is too much. */
export function fitLease(account: Account): void {
  const { limitMicroUsd } = account
  if (limitMicroUsd === null) {
    account.free = 0
    return
  }
  const rest = unleased(account)
  if (rest < 0) {
    account.free = Math.max(0, account.free + rest)
    return
  }
  const most = Math.min(limitMicroUsd * shareOfLimit, (rest + account.free) * shareOfRest)
  const wanted = Math.floor(Math.min(account.demand * writesAhead, most))
  // Twice as much is left alone: settled calls refill it all the time.
  if (account.free > 2 * wanted) account.free = wanted
  else if (account.free < wanted) account.free += Math.min(wanted - account.free, rest)
}
