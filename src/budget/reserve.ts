import { HardshellError, type MicroUsd } from '../base/index.ts'
import type { BudgetRefusal, Claim, Reservation } from './claim.ts'
import type { ClaimRow } from './ledger.ts'
import { placeOf, potsOf, type Place } from './pots.ts'
import { worstCostOf, type Price } from './price.ts'
import { isCount, maxPlausibleTokens } from './usage.ts'
import { refuseIfOver, tooManyTokens, unknownModel } from './verdict.ts'
import { warningsOf, type World } from './world.ts'

// What a request without a cap is sent with: some 24,000 words, so that nobody is cut short who did not ask for more,
// and still a bound. It is ours; models themselves go up to 128,000.
const defaultMaxOutputTokens = 32_000

/** See `Meter.reserve`. */
export function reserve(world: World, claim: Claim): Reservation | BudgetRefusal {
  refuseBadClaim(claim)
  const price = world.prices.priceOf({ provider: claim.provider, model: claim.model, at: world.clock.now() })
  const size = sizeOf(claim, price)
  const { tokensPerRequest } = world.limits
  if (tokensPerRequest !== undefined && size.input + size.output > tokensPerRequest) {
    return tooManyTokens(claim.id, tokensPerRequest, size)
  }
  if (!price && !claim.free) return unknownModel(claim)
  const asked = claim.free || !price ? 0 : worstCostOf({ inputTokens: size.input, outputTokens: size.output }, price)

  return world.ledger.atomically(() => {
    const place = placeOf(claim, world.ledger.today(world.clock.now()))
    if (world.ledger.find(claim.id)) {
      throw new HardshellError('budget.claim-reused', `call ${claim.id} was reserved before`)
    }
    const pots = potsOf(place, world.limits)
    const sums = claim.free ? [] : world.ledger.sums(pots, place)
    const refusal = claim.free ? null : refuseIfOver(claim.id, asked, pots, sums)
    if (refusal) return refusal
    world.ledger.insert(rowOf(world, { claim, place, size, asked, price }))
    return {
      granted: true,
      id: claim.id,
      reservedMicroUsd: asked,
      maxOutputTokens: size.output,
      assumed: assumptionsOf(claim, price),
      price,
      warnings: claim.free ? [] : warningsOf(world, pots, sums),
    }
  })
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

interface Opening {
  claim: Claim
  place: Place
  size: { input: number; output: number }
  asked: MicroUsd
  price: Price | null
}

function rowOf({ processes, clock }: World, { claim, place, size, asked, price }: Opening): ClaimRow {
  return {
    id: claim.id,
    state: 'open',
    owner: processes.self,
    agent_id: place.agentId,
    session_key: place.sessionKey,
    session_period: place.sessionPeriod,
    scope: place.scope,
    provider: claim.provider,
    model: price?.model ?? claim.model.slice(0, 200),
    day: place.day,
    free: claim.free ? 1 : 0,
    input_bound: size.input,
    output_bound: size.output,
    reserved: asked,
    price: JSON.stringify(price),
    opened_at: Math.trunc(clock.now()),
    closed_at: null,
    cost: 0,
    usage_rejected: 0,
  }
}

function refuseBadClaim(claim: Claim): void {
  const sizes = {
    inputBytes: claim.inputBytes,
    unseenInputTokens: claim.unseenInputTokens ?? 0,
    maxOutputTokens: claim.maxOutputTokens ?? 0,
  }
  for (const [field, size] of Object.entries(sizes)) {
    // A count beyond what models can do is the request's problem and ends in a refusal; a fraction or NaN is ours.
    if (isCount(Math.min(size, maxPlausibleTokens))) continue
    throw new HardshellError('budget.bad-claim', `${field} of call ${claim.id} is not a count`)
  }
}
