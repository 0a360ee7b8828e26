import { HardshellError, type MicroUsd } from '../base/index.ts'
import { budgetNow, today } from './calendar.ts'
import type { BudgetName, MoneyLimit, Waiver } from './claim.ts'
import type { OverrideRow } from './ledger.ts'
import { potNamed } from './pots.ts'
import { accountOf, touch, type World } from './world.ts'
import { write } from './write.ts'

/** Another limit for one budget, for a while. */
export type OverrideRequest = BudgetName & {
  /** What may be spent in all, in the budget's own period, instead of the limit in the settings. */
  allowMicroUsd: MicroUsd | 'unlimited'
  /** When it ends, wall milliseconds; by the budget's time, which never goes back. */
  until: number
  reason: string
  by: string
}

export interface Override {
  id: number
  limit: MoneyLimit
  /** Empty for day, month and global. */
  key: string
  allowMicroUsd: MicroUsd | 'unlimited'
  until: number
  reason: string
  by: string
  madeAt: number
}

/** See `Meter.override`. A later override of the same budget comes before an earlier one. */
export function makeOverride(world: World, request: OverrideRequest): Override {
  return write(world, () => {
    const now = budgetNow(world.calendar, world.clock.now())
    refuseBadOverride(request, now)
    const pot = potNamed(request, today(world.calendar, world.clock.now()), world.limits)
    const row = world.ledger.addOverride({
      pot: pot.limit,
      key: pot.key,
      allow: request.allowMicroUsd === 'unlimited' ? null : request.allowMicroUsd,
      until: request.until,
      reason: request.reason,
      made_by: request.by,
      made_at: now,
    })
    world.ledger.nextGeneration()
    return overrideFrom(row)
  })
}

/** Those that hold now, oldest first. */
export function listOverrides(world: World): Override[] {
  return write(world, () => world.ledger.overrides().map(overrideFrom))
}

/** @returns false when it had ended before, or never was */
export function revokeOverride(world: World, id: number): boolean {
  return write(world, () => {
    const ended = world.ledger.endOverride(id, 'revoked')
    if (ended) world.ledger.nextGeneration()
    return ended
  })
}

/** See `Meter.waive`. */
export function waive(world: World, what: Waiver): { waivedMicroUsd: MicroUsd } {
  return write(world, () => {
    const pot = potNamed(what, today(world.calendar, world.clock.now()), world.limits)
    const waivedMicroUsd = world.ledger.waive(pot)
    world.ledger.nextGeneration() // other guards know what was spent, not what no longer counts
    touch(world, accountOf(world, pot))
    return { waivedMicroUsd }
  })
}

export function overrideFrom(row: OverrideRow): Override {
  return {
    id: row.id,
    limit: row.pot as MoneyLimit,
    key: row.key,
    allowMicroUsd: row.allow ?? 'unlimited',
    until: row.until,
    reason: row.reason,
    by: row.made_by,
    madeAt: row.made_at,
  }
}

function refuseBadOverride({ allowMicroUsd, until, reason, by }: OverrideRequest, now: number): void {
  const refuse = (what: string, hint: string): never => {
    throw new HardshellError('budget.bad-override', `the override ${what}`, { hint })
  }
  if (allowMicroUsd !== 'unlimited' && !(Number.isSafeInteger(allowMicroUsd) && allowMicroUsd >= 0)) {
    refuse('allows no amount of money', 'give an amount that is not negative, or unlimited')
  }
  if (!Number.isSafeInteger(until) || until <= now) {
    refuse('ends before it begins', `give an end after ${new Date(now).toISOString()}, the time of the budgets`)
  }
  if (reason.trim() === '' || by.trim() === '') refuse('names no reason, or nobody', 'say why, and who you are')
}
