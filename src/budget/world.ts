import type { Clock } from '../base/index.ts'
import type { Limits, Warning } from './claim.ts'
import type { Ledger, PotTotal } from './ledger.ts'
import type { Pot } from './pots.ts'
import type { PriceBook } from './prices.ts'
import type { Processes } from './processes.ts'
import { levelsReached } from './verdict.ts'

/** What every act of the meter needs. */
export interface World {
  ledger: Ledger
  limits: Limits
  prices: PriceBook
  clock: Clock
  processes: Processes
}

// Half, most of it, and gone.
const defaultLevels = [0.5, 0.8, 1]

/** The levels these pots have reached and nobody was told of in their period, by any process. Tells each once. */
export function warningsOf({ ledger, limits }: World, pots: readonly Pot[], totals: readonly PotTotal[]): Warning[] {
  return pots.flatMap((pot, i) =>
    levelsReached(pot, totals[i]!, limits.warnAt ?? defaultLevels).filter(({ crossed }) =>
      ledger.markWarned(pot, crossed),
    ),
  )
}
