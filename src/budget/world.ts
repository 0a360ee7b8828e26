import type { Clock, MicroUsd } from '../base/index.ts'
import { openAccount, type Account } from './account.ts'
import type { Calendar } from './calendar.ts'
import type { Limits, Recovery, Seen, Settled, Warning } from './claim.ts'
import type { Ended } from './ended.ts'
import type { Ledger } from './ledger.ts'
import { potId, potsOf, type Place, type Pot } from './pots.ts'
import type { Price } from './price.ts'
import type { PriceBook } from './prices.ts'
import type { Processes } from './processes.ts'
import type { Schedule } from './schedule.ts'

/** What every act of the meter needs, and all that it remembers. */
export interface World {
  readonly ledger: Ledger
  readonly limits: Limits
  readonly prices: PriceBook
  readonly clock: Clock
  readonly processes: Processes
  readonly schedule: Schedule
  readonly onRecovered: (found: Recovery) => void
  /** Name of this meter among all on the database. */
  readonly guard: string
  readonly calendar: Calendar
  readonly accounts: Map<string, Account>
  /** Accounts of callers seen lately, so that the next call of the same finds them in one look. */
  readonly routes: Map<string, { place: Place; accounts: Account[] }>
  /** Accounts to be written, and those to be looked at again when it is quiet, to give their leases back. */
  readonly touched: Set<Account>
  readonly resting: Set<Account>
  readonly calls: Map<string, Call>
  /** Calls that ended: repeated and late settlements are recognised for a while. */
  readonly ended: Ended<Call>
  /** Open calls not written down yet, oldest first. */
  readonly unwritten: Set<Call>
  /** Calls written down whose row must change, and ids of rows that must go. */
  readonly changed: Set<Call>
  readonly gone: Set<string>
  /** Warnings that came up in a write nobody waited for. */
  readonly warnings: Warning[]
  /** The last write failed: nothing is granted from memory until one succeeds. */
  failing: boolean
  closed: boolean
}

/** A call in memory. */
export interface Call {
  readonly id: string
  readonly place: Place
  readonly accounts: readonly Account[]
  readonly free: boolean
  readonly inputBound: number
  readonly outputBound: number
  readonly price: Price | null
  readonly serviceTier: string | null
  readonly openedAt: number
  readonly openedMonotonicMs: number
  reserved: MicroUsd
  state: 'open' | Settled['how']
  cost: MicroUsd
  usageRejected: boolean
  /** Counted among the calls of its pots. */
  counted: boolean
  /** What was seen of its answer so far; `null`: nobody told. */
  seen: Seen | null
  /** Output up to which that charge holds without a look at prices. */
  comfort: number
  /** What stands in the table as its charge if this guard dies; `null`: it is not in the table. */
  charge: MicroUsd | null
}

/** The account of a pot; opened, not yet loaded, where there is none. */
export function accountOf(world: World, pot: Pot): Account {
  const id = potId(pot)
  let account = world.accounts.get(id)
  if (!account) {
    account = openAccount(pot)
    world.accounts.set(id, account)
  }
  return account
}

export function accountsOf(world: World, place: Place): Account[] {
  return potsOf(place, world.limits).map((pot) => accountOf(world, pot))
}

/** Notes that an account has something to write. */
export function touch({ touched, resting }: World, account: Account): void {
  if (touched.has(account)) return // and so not among those that rest
  touched.add(account)
  resting.delete(account)
}

/** Takes the warnings found in writes nobody waited for. */
export function takeWarnings({ warnings }: World): Warning[] {
  return warnings.length === 0 ? [] : warnings.splice(0)
}
