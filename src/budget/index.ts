/**
 * The budget knows what a model call may cost at worst, takes that amount out of every budget it touches before the
 * call is made, and gives back what was not spent. A guard takes leases, parts of each limit that are on the disk
 * before they are used, and then counts in memory. It promises that no interleaving of calls, processes, crashes or
 * clock changes spends more than a limit, as long as a call costs no more than the sizes it was announced with; when
 * a provider bills more than that, the excess is recorded in full and reported, never hidden.
 */
export { createMeter, type Meter, type MeterOptions, type MeterPorts } from './meter.ts'
export type {
  BudgetName,
  BudgetRefusal,
  Claim,
  Limits,
  LimitName,
  MoneyLimit,
  Recovery,
  Reservation,
  Seen,
  Settled,
  Waiver,
  Warning,
  WriteOff,
} from './claim.ts'
export type { Override, OverrideRequest } from './override.ts'
export { costOf, worstCostOf, type Price, type Rates } from './price.ts'
export { loadPrices, type DatedPrices, type PriceBook, type PriceOptions, type PriceOverride } from './prices.ts'
export { sealPrices, type ListedModels } from './price-file.ts'
export { priceTableDate } from './price-table.ts'
export { countKinds, readUsage, type Usage, type UsageFlavor } from './usage.ts'
export {
  readSpend,
  type ModelSpend,
  type OpenReservation,
  type PotReport,
  type SpendQuery,
  type SpendReport,
} from './spend.ts'
export { systemProcesses, type Processes } from './processes.ts'
export { type Schedule } from './schedule.ts'
export { migrations } from './migrations.ts'
export { budgetErrors } from './errors.ts'
