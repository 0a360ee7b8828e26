// long: one act, from the sizes of a claim to the answer, on two ways: from memory, or with a write
import { HardshellError, type MicroUsd } from '../base/index.ts'
import { unleased, type Account } from './account.ts'
import { budgetNow, today } from './calendar.ts'
import type { BudgetRefusal, Claim, Reservation } from './claim.ts'
import { placeOf, type Place } from './pots.ts'
import { worstCostOf, type Price } from './price.ts'
import { isCount, maxPlausibleTokens } from './usage.ts'
import { overBudget, tooManyTokens, unknownModel } from './verdict.ts'
import { accountsOf, takeWarnings, touch, type Call, type World } from './world.ts'
import { write, type Books } from './write.ts'

/** A claim that passed what is decided without money, with the worst case to be set aside. */
export interface Asking {
  claim: Claim
  size: { input: number; output: number }
  price: Price | null
  asked: MicroUsd
}

// What a request without a cap is sent with: some 24,000 words, so that nobody is cut short who did not ask for more,
// and still a bound. It is ours; models themselves go up to 128,000.
const defaultMaxOutputTokens = 32_000

/** What can be said of a claim without looking at any budget: a refusal, or what it asks for. */
export function examine(world: World, claim: Claim): Asking | BudgetRefusal {
  refuseBadClaim(claim)
  if (world.calls.has(claim.id) || world.ended.has(claim.id)) throw claimReused(claim.id)
  const price = world.prices.priceOf({ provider: claim.provider, model: claim.model, at: world.clock.now() })
  const size = sizeOf(claim, price)
  const { tokensPerRequest } = world.limits
  if (tokensPerRequest !== undefined && size.input + size.output > tokensPerRequest) {
    return tooManyTokens(claim.id, tokensPerRequest, size)
  }
  if (!price && !claim.free) return unknownModel(claim)
  const bound = { inputTokens: size.input, outputTokens: size.output }
  const asked = claim.free || !price ? 0 : worstCostOf(bound, price, claim.serviceTier)
  return { claim, size, price, asked }
}

export function claimReused(id: string): HardshellError {
  return new HardshellError('budget.claim-reused', `call ${id} was reserved before`)
}

/** Reserves from memory. @returns `null` when that takes a write: a lease is missing, or too small. */
export function reserveFromLease(world: World, asking: Asking): Reservation | null {
  if (asking.claim.free) return grant(world, asking, openFree(world, asking))
  if (world.failing) return null
  const { place, accounts } = routeOf(world, asking)
  const earlier = earlierAttempt(world, asking.claim, place)
  const now = budgetNow(world.calendar, world.clock.now())
  for (const account of accounts) {
    if (account.pot.limit === 'model') continue
    if (!account.loaded || now >= account.limitUntil) return null
    if (account.limitMicroUsd !== null && account.free + creditOf(earlier, account) < asking.asked) return null
  }
  if (earlier) handOver(world, earlier)
  const call = open(world, asking, place, accounts)
  const reservation = grant(world, asking, call)
  for (const account of accounts) account.free -= asking.asked
  return reservation
}

/** Reserves what is asked for in one write, in the order it was asked. All or nothing for each, in every budget. */
export function reserveWithWrite(world: World, all: readonly Asking[]): (Reservation | BudgetRefusal)[] {
  const opened: Call[] = []
  const given: Call[] = []
  const decide = (books: Books): (Call | BudgetRefusal)[] =>
    all.map((asking) => {
      const { place, accounts } = routeOf(world, asking)
      const earlier = earlierAttempt(world, asking.claim, place)
      for (const account of [...accounts, ...(earlier?.accounts ?? [])]) books.load(account)
      const refusal = refusalOf(asking, accounts, earlier)
      if (refusal) return refusal
      if (earlier && !given.includes(earlier)) {
        takeMoney(earlier)
        world.gone.add(earlier.id)
        given.push(earlier)
      }
      const call = open(world, asking, place, accounts)
      for (const account of accounts) account.free = Math.max(0, account.free - asking.asked)
      opened.push(call)
      return call
    })
  try {
    // On a quiet day calls are written down at once, so that a death names them and not a lease.
    const decided = write(world, decide, { everyCall: world.calls.size <= 8 })
    for (const earlier of given) retire(world, earlier)
    return decided.map((answer, i) => ('granted' in answer ? answer : grant(world, all[i]!, answer)))
  } catch (error) {
    for (const call of opened) {
      world.calls.delete(call.id)
      world.unwritten.delete(call)
    }
    throw error
  }
}

function refusalOf({ claim, asked }: Asking, accounts: readonly Account[], earlier: Call | null): BudgetRefusal | null {
  for (const account of accounts) {
    if (account.limitMicroUsd === null) continue
    if (asked <= account.free + unleased(account) + creditOf(earlier, account)) continue
    return overBudget(claim.id, asked, account)
  }
  return null
}

/** Where a caller is counted. The same callers come again and again, so their accounts are kept at hand. */
function routeOf(world: World, { claim, price }: Asking): { place: Place; accounts: Account[] } {
  const day = today(world.calendar, world.clock.now())
  const names = [claim.agentId, claim.sessionKey, claim.rootSessionKey, claim.user, claim.channel, claim.cronJob]
  const key = keyOf([...names, claim.provider, price!.model, day])
  const known = world.routes.get(key)
  if (known) return known
  const place = placeOf(claim, day, `${claim.provider}/${price!.model}`)
  const route = { place, accounts: accountsOf(world, place) }
  if (world.routes.size >= 4_096) world.routes.clear() // more callers than that at once gain nothing by it
  world.routes.set(key, route)
  return route
}

/** Lengths keep names apart that were chosen to run into each other. */
function keyOf(names: readonly (string | null | undefined)[]): string {
  let key = ''
  for (const name of names) key += name === null || name === undefined ? '-' : `${name.length}:${name}`
  return key
}

/** The attempt this one follows, where nobody has seen anything of its answer: its reservation need not be doubled. */
function earlierAttempt(world: World, { attemptOf }: Claim, place: Place): Call | null {
  const earlier = attemptOf ? world.calls.get(attemptOf) : undefined
  if (!earlier || earlier.free || earlier.seen !== null) return null
  const same = (Object.keys(place) as (keyof Place)[]).every((k) => k === 'model' || earlier.place[k] === place[k])
  return same ? earlier : null
}

function creditOf(earlier: Call | null, account: Account): MicroUsd {
  return earlier?.accounts.includes(account) ? earlier.reserved : 0
}

function handOver(world: World, earlier: Call): void {
  takeMoney(earlier)
  if (earlier.charge !== null) world.gone.add(earlier.id)
  retire(world, earlier)
}

function takeMoney({ accounts, reserved }: Call): void {
  for (const account of accounts) {
    account.open -= reserved
    account.openCalls -= 1
    account.free += reserved
  }
}

function retire(world: World, earlier: Call): void {
  for (const account of earlier.accounts) touch(world, account)
  earlier.state = 'released'
  world.calls.delete(earlier.id)
  world.unwritten.delete(earlier)
  world.changed.delete(earlier)
  world.ended.add(earlier)
}

function open(world: World, asking: Asking, place: Place, accounts: readonly Account[]): Call {
  const call = callOf(world, asking, place, accounts)
  for (const account of accounts) {
    account.open += asking.asked
    account.openCalls += 1
    account.asked += asking.asked
    account.askedCalls += 1
    touch(world, account)
  }
  world.calls.set(call.id, call)
  world.unwritten.add(call)
  return call
}

const nowhere: Place = {
  day: '',
  agentId: '',
  sessionKey: '',
  sessionPeriod: '',
  user: '',
  channel: '',
  cronJob: '',
  model: '',
}

function openFree(world: World, asking: Asking): Call {
  const call = callOf(world, asking, nowhere, [])
  world.calls.set(call.id, call)
  return call
}

function callOf(world: World, { claim, size, price, asked }: Asking, place: Place, accounts: readonly Account[]): Call {
  return {
    id: claim.id,
    place,
    accounts,
    free: claim.free === true,
    inputBound: size.input,
    outputBound: size.output,
    price,
    serviceTier: claim.serviceTier ?? null,
    openedAt: Math.trunc(world.clock.now()),
    openedMonotonicMs: world.clock.monotonicMs(),
    reserved: asked,
    state: 'open',
    cost: 0,
    usageRejected: false,
    counted: false,
    seen: null,
    comfort: 0,
    charge: null,
  }
}

function grant(world: World, { claim, size, price, asked }: Asking, { id }: Call): Reservation {
  return {
    granted: true,
    id,
    reservedMicroUsd: asked,
    maxOutputTokens: size.output,
    assumed: assumptionsOf(claim, price),
    price,
    warnings: takeWarnings(world),
  }
}

/** The sizes the worst case is computed from; beyond what any model can do they are cut. */
function sizeOf(claim: Claim, price: Price | null): { input: number; output: number } {
  const output = claim.maxOutputTokens ?? price?.maxOutputTokens ?? defaultMaxOutputTokens
  return {
    input: Math.min(claim.inputBytes + (claim.unseenInputTokens ?? 0), maxPlausibleTokens),
    output: Math.min(output, maxPlausibleTokens),
  }
}

function assumptionsOf(claim: Claim, price: Price | null): string | null {
  const guesses: string[] = []
  if (claim.maxOutputTokens === null) {
    guesses.push(
      price?.maxOutputTokens
        ? "the request has no output cap; the model's own is taken"
        : `the request has no output cap and the model's is not known; ${defaultMaxOutputTokens} tokens are taken`,
    )
  }
  if (price?.source === 'ceiling') guesses.push('no price is known for the model; the ceiling price is taken')
  return guesses.length > 0 ? guesses.join('; ') : null
}

function refuseBadClaim(claim: Claim): void {
  // A count beyond what models can do is the request's problem and ends in a refusal; a fraction or NaN is ours.
  const refuse = (field: 'inputBytes' | 'unseenInputTokens' | 'maxOutputTokens'): void => {
    if (isCount(Math.min(claim[field] ?? 0, maxPlausibleTokens))) return
    throw new HardshellError('budget.bad-claim', `${field} of call ${claim.id} is not a count`)
  }
  refuse('inputBytes')
  refuse('unseenInputTokens')
  refuse('maxOutputTokens')
}
