import type { MoneyLimit, Recovery, Settled, WriteOff } from './claim.ts'
import type { OpenRow } from './ledger.ts'
import { potId, potsOf } from './pots.ts'
import type { World } from './world.ts'
import { write } from './write.ts'

// A guard that was stopped for two days and goes on then finds its calls charged as they were.
const keepRecoveredMs = 2 * 86_400_000

/**
 * Settles what dead guards left behind. A call that was written down costs what was seen of it and a little ahead, or
 * its worst case when nothing was; the rest of its reservation returns. What a guard had set aside beyond such calls
 * it may have spent since it wrote last, so that part is written off; a quiet guard held none.
 */
export function recoverDead(world: World): Recovery {
  const { ledger, processes, guard, clock } = world
  return write(world, () => {
    const now = Math.trunc(clock.now())
    ledger.forget(now - keepRecoveredMs)
    const dead = ledger.guards().filter((name) => name !== guard && !processes.isRunning(processOf(name)))
    const found = dead.map((name) => settleEstate(world, name, now))
    if (dead.length > 0) for (const account of world.accounts.values()) world.resting.add(account)
    return { calls: found.flatMap(({ calls }) => calls), writtenOff: found.flatMap(({ writtenOff }) => writtenOff) }
  })
}

// Several meters of one process, one after a reload of the settings, are told apart by what follows.
const mark = '#'

/** Name of a meter: its process and a number of its own. */
export function guardName(process: string, unique: string): string {
  return `${process}${mark}${unique}`
}

function processOf(guard: string): string {
  const end = guard.indexOf(mark)
  return end < 0 ? guard : guard.slice(0, end)
}

function settleEstate({ ledger, limits }: World, dead: string, now: number): Recovery {
  const rows = ledger.open({ guard: dead, recovered: false })
  const heldByCalls = new Map<string, number>()
  for (const { place, reserved, charge } of rows) {
    for (const pot of potsOf(place, limits)) {
      ledger.add(pot, charge, 1)
      heldByCalls.set(potId(pot), (heldByCalls.get(potId(pot)) ?? 0) + reserved)
    }
  }
  const writtenOff: WriteOff[] = []
  for (const { amount, ...pot } of ledger.leasesOf(dead)) {
    const unaccounted = amount - (heldByCalls.get(potId(pot)) ?? 0)
    ledger.putLease(pot, dead, 0)
    if (unaccounted <= 0) continue
    ledger.add(pot, unaccounted, 0)
    ledger.writeOff(dead, pot, unaccounted, now)
    writtenOff.push({ limit: pot.limit as MoneyLimit, key: pot.key, period: pot.period, costMicroUsd: unaccounted })
  }
  ledger.markRecovered(dead, now)
  ledger.leave(dead)
  return { calls: rows.map(recovered), writtenOff }
}

function recovered({ id, charge, reserved }: OpenRow): Settled {
  return {
    id,
    how: 'recovered',
    costMicroUsd: charge,
    reservedMicroUsd: reserved,
    overrunMicroUsd: 0,
    usageRejected: false,
    already: false,
    warnings: [],
  }
}
